import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEngine, type Engine, mlp, train } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import { syntheticData } from '../../support/golden.ts';
import { expectClose } from '../../support/golden-values.ts';
import { remembering } from '../../support/remembering.ts';
import { checkNeighborsWritten, checkRowsWritten, SIZES } from '../../support/rows-written.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

let engine: Engine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.close());

test.each(SIZES)('rows are written on a GPU: %i of [%s]', (count, row) =>
  checkRowsWritten(engine, count, row),
);

test('rows that are a variable, beside the target in one buffer', () => checkNeighborsWritten(engine));

test('a training whose objective remembers is that of wasm', async () => {
  await using wasm = await createEngine({ threads: 1 });
  const [there, here] = await Promise.all(
    [wasm, engine].map((own) =>
      train(own, {
        architecture: mlp([36, 4]),
        data: syntheticData(50, 4, 6),
        objective: remembering({ classes: 4 }),
        ...{ epochs: 3, batch: 16, seed: 1 },
      }),
    ),
  );
  for (const [name, weights] of there!.weights) expectClose(here!.weights.get(name)!, [...weights], 1e-4);
});

test('a step after one whose guarded value is not finite writes no rows', async () => {
  const memory = variable('memory', [2, 3]);
  const order = variable('order', [1], 'i32');
  const [log, numbers] = [variable('log', [8, 1]), variable('numbers', [8, 1])];
  const step = [
    ops.writeRows(memory, order, ops.shift(ops.take(memory, order), 1)),
    ops.writeAtStep(log, ops.atStep(numbers), { guard: true }),
  ];
  const session = await engine.load({ step });
  await session.write(order, Int32Array.of(1));
  await session.write(numbers, Float32Array.of(1, 2, Number.NaN, 4, 5, 6, 7, 8));
  expect(await session.run('step', { steps: 8 })).toBe(3);
  expect([...(await session.read(memory))]).toEqual([0, 0, 0, 3, 3, 3]);
  await session.close();
});
