import { compile, type Engine, mlp, ops, variable } from 'wasm-distill';
import type { Timing } from './peers/clock.mjs';
import { disagreement, referenceOutputs, tolerance, type Work } from './peers/work.mjs';

/**
 * Inference by a session: the rows are written and the logits read each time, as the peers do. Its logits have been
 * checked.
 */
export async function sessionTiming(work: Work, engine: Engine): Promise<Timing> {
  const { name, kind, weights, layers, batch } = work.config;
  const model = mlp(layers);
  const x = variable('x', [batch, layers[0]!]);
  const logits = variable('logits', [batch, layers.at(-1)!]);
  const session = await engine.load(compile({ infer: [ops.assign(logits, model.logits(x))] }));
  for (const [i, { w, b }] of work.arrays.layers.entries()) {
    await session.write(model.parameters[2 * i]!, w);
    await session.write(model.parameters[2 * i + 1]!, b);
  }
  const infer = async () => {
    await session.write(x, work.arrays.x);
    await session.run('infer');
    return session.read(logits);
  };
  const off = disagreement(await infer(), referenceOutputs(work));
  if (!(off <= tolerance[weights])) throw new Error(`${name}: its logits are ${off} from the reference's`);
  return {
    kind,
    steps: 0,
    subject: {
      run: async (n) => {
        for (let i = 0; i < n; i++) await infer();
      },
    },
  };
}
