import { execFileSync } from 'node:child_process';

/** A small training step, as a program that was just started would make it: engine, plan, data, one step. */
const FIRST_STEP = `
import { createEngine, mlp } from 'wasm-distill';
import { gradients, network, ops, variable } from 'wasm-distill/graph';
const model = network(mlp([784, 30, 30, 10]));
const parameters = model.trained.map((parameter) => parameter.variable);
const x = variable('x', [100, 784]);
const labels = variable('labels', [100], 'i32');
const loss = ops.mean(ops.kdLoss(model.forward(x, 'train').logits, { labels }));
const slopes = gradients(loss, parameters);
const moves = parameters.map((p, i) => ops.sgdUpdate(p, { velocity: variable('v', p.shape), gradient: slopes[i], rate: ops.fill(0.01, []), momentum: 0.9 }));
const engine = await createEngine({ threads: 1 });
const session = await engine.load({ step: [...moves, ops.writeAtStep(variable('losses', [1]), loss)] });
await session.run('step');
process.exit(0);
`;

/** Milliseconds from starting a process to the end of its first training step, and of a Node that does nothing. */
export function startupMilliseconds(): { step: number; bare: number } {
  return { step: timeNode(FIRST_STEP), bare: timeNode('process.exit(0)') };
}

function timeNode(script: string): number {
  const start = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return performance.now() - start;
}
