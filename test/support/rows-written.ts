import { expect } from 'vitest';
import type { Engine } from 'wasm-distill';
import { type Effect, ops, type Tensor, variable } from 'wasm-distill/graph';

const STEPS = 3;
const ROWS = 5;

/** How many rows are written at once, and the shape of each: none is whole vectors, tiles or workgroups but by chance. */
export const SIZES: [count: number, row: number[]][] = [
  ...[1, 3, 17].flatMap((count) =>
    [[], [1], [3], [17], [131]].map((row): [number, number[]] => [count, row]),
  ),
  [3, [2, 5]],
];

/** Which rows step after step writes: equal ones, some below 0, some beyond. */
function rowsOf(count: number): Int32Array {
  return Int32Array.from({ length: STEPS * count }, (_, i) => ((i * 5 + (i % 3)) % (ROWS + 3)) - 2);
}

/** Halves of whole numbers, with which f32 computes exactly. */
function halves(length: number, from: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((from + i * 37) % 101) / 2 - 20);
}

/**
 * Steps that write rows made of those rows and of others, and what all of the target was before: in an engine and in plain
 * JavaScript.
 */
export async function checkRowsWritten(engine: Engine, count: number, row: readonly number[]): Promise<void> {
  const columns = row.reduce((a, b) => a * b, 1);
  const target = variable('target', [ROWS, ...row]);
  const before = variable('before', [STEPS, ROWS, ...row]);
  const given = variable('given', [STEPS, count, ...row]);
  const order = variable('order', [STEPS, count], 'i32');
  const rows = ops.atStep(order);
  const value = ops.add(ops.scale(ops.take(target, rows), 0.5), ops.atStep(given));
  // Listed after the write, and still of what was there before it.
  const step = [ops.writeRows(target, rows, value), ops.writeAtStep(before, ops.scale(target, 2))];
  const [initial, numbers, written] = [
    halves(ROWS * columns, 3),
    halves(STEPS * count * columns, 50),
    rowsOf(count),
  ];
  const session = await engine.load({ step });
  await session.write(target, initial);
  await session.write(given, numbers);
  await session.write(order, written);
  await session.run('step', { steps: STEPS });
  const found = { target: await session.read(target), before: await session.read(before) };
  await session.close();

  const expected = { target: initial.slice(), before: [] as number[] };
  for (let step = 0; step < STEPS; step++) {
    const old = expected.target.slice();
    expected.before.push(...old.map((v) => 2 * v));
    for (let i = 0; i < count; i++) {
      const at = written[step * count + i]!;
      if (at < 0 || at >= ROWS) continue;
      for (let c = 0; c < columns; c++)
        expected.target[at * columns + c] =
          0.5 * old[at * columns + c]! + numbers[(step * count + i) * columns + c]!;
    }
  }
  expect(found.target).toEqual(expected.target);
  expect([...found.before]).toEqual(expected.before);
}

/**
 * Rows that are variables themselves, as effects before have left them, beside the target: on a GPU both may lie in one
 * buffer.
 */
export async function checkNeighborsWritten(engine: Engine): Promise<void> {
  const [first, second] = [variable('first', [3, 4]), variable('second', [3, 4])];
  const rows = variable('rows', [3], 'i32');
  const shifted = (x: Tensor): Tensor => ops.shift(x, 1);
  const step: Effect[] = [
    ops.assign(first, shifted(first)),
    ops.assign(second, shifted(second)),
    ops.writeRows(second, rows, first),
  ];
  const session = await engine.load({ step });
  await session.write(
    first,
    Float32Array.from({ length: 12 }, (_, i) => 10 * i),
  );
  await session.write(rows, Int32Array.of(2, -1, 2));
  await session.run('step', { steps: 2 });
  expect([...(await session.read(second))]).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 82, 92, 102, 112]);
  await session.close();
}
