import { compile, type Engine, ops, variable } from 'wasm-distill';

const BARRIERS = 200;
const STEPS = 200;

/** A plan of tiny instructions of which each must wait for the one before: almost nothing but barriers. */
const chain = () => {
  const x = variable('x', [1]);
  const y = variable('y', [1]);
  let value = ops.shift(x, 1);
  for (let i = 1; i < BARRIERS; i++) value = ops.shift(value, 1);
  return compile({ run: [ops.assign(y, value)] });
};

/** Nanoseconds of one barrier crossing on this engine's threads, less what the instructions take on one thread. */
export async function barrierNanoseconds(engine: Engine): Promise<number> {
  const [one] = engine.divide(engine.threads);
  const alone = await timeChain(one!);
  const together = await timeChain(engine);
  return ((together - alone) / (BARRIERS * STEPS)) * 1e6;
}

async function timeChain(engine: Engine): Promise<number> {
  const session = await engine.load(chain());
  await session.run('run', { steps: STEPS });
  const start = performance.now();
  await session.run('run', { steps: STEPS });
  const elapsed = performance.now() - start;
  await session.close();
  return elapsed;
}
