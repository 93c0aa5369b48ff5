import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import { referenceEngine } from '#library/backends/reference/engine.js';
import { checkNeighborsWritten, checkRowsWritten, SIZES } from '../support/rows-written.ts';

describe('rows are written', () => {
  const engines: Engine[] = [referenceEngine()];
  beforeAll(async () => {
    for (const threads of [1, 2, 3]) engines.push(await createEngine({ threads }));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  test.each(SIZES)('%i of [%s]', async (count, row) => {
    for (const engine of engines) await checkRowsWritten(engine, count, row);
  });

  test('that are a variable, as effects before have left it', async () => {
    for (const engine of engines) await checkNeighborsWritten(engine);
  });
});

test.each<[string, () => unknown]>([
  [
    'writeRows: the rows must be i32 [n], not f32 [3]',
    () => ops.writeRows(variable('y', [5, 2]), variable('rows', [3]), variable('x', [3, 2])),
  ],
  [
    'writeRows: [2,2] isn’t 3 rows of y [5,2], which are [3,2]',
    () => ops.writeRows(variable('y', [5, 2]), variable('rows', [3], 'i32'), variable('x', [2, 2])),
  ],
  [
    'writeRows: the input must be f32, not i32',
    () => ops.writeRows(variable('y', [5], 'i32'), variable('rows', [3], 'i32'), variable('x', [3], 'i32')),
  ],
  [
    'writeRows writes to a variable, not to the result of fill',
    () => ops.writeRows(ops.fill(0, [5]) as never, variable('rows', [3], 'i32'), variable('x', [3])),
  ],
])('%s', (sentence, call) => {
  expect(call).toThrow(sentence.replace('’', "'"));
});

test('a variable is not written with itself', () => {
  const y = variable('y', [3, 2]);
  expect(() => ops.writeRows(y, variable('rows', [3], 'i32'), y)).toThrow(
    "y can't be written with itself: take rows of it",
  );
});
