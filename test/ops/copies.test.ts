import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { compile } from '#library/backends/wasm/program.js';

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Copies are exact, so every engine must give the reference's numbers; each element of x is another. */
async function check(
  cases: readonly { name: string; shape: readonly number[]; of: (x: Tensor) => Tensor }[],
) {
  const built = cases.map(({ name, shape, of }, i) => {
    const x = variable(`x${i}`, [...shape]);
    const value = of(x);
    return { name, x, value, y: variable(`y${i}`, [...value.shape]) };
  });
  const plans = Object.fromEntries(built.map(({ value, y }, i) => [`${i}`, [ops.assign(y, value)]]));
  for (const engine of engines) {
    const session = await engine.load(plans);
    for (const [i, { name, x, value, y }] of built.entries()) {
      const values = Float32Array.from({ length: size(x.shape) }, (_, j) => j + 1);
      await session.write(x, values);
      await session.write(y, new Float32Array(size(y.shape)).fill(Number.NaN));
      await session.run(`${i}`);
      const [expected] = evaluateReference([value], new Map([[x, [...values]]]), { seed: 0, step: 0 });
      expect({ name, values: await session.read(y) }).toEqual({ name, values: Float32Array.from(expected!) });
    }
    await session.close();
  }
}

/** All orders of 0…n−1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

describe('transpose', () => {
  const every = (shape: readonly number[], step = 1) =>
    orders(shape.length)
      .filter((_, i) => i % step === 0)
      .map((order) => ({
        name: `${shape} in the order ${order}`,
        shape,
        of: (x: Tensor) => ops.transpose(x, order),
      }));

  test('rank 3, in all orders', () =>
    check(
      [
        [5, 17, 33],
        [4, 4, 4],
        [3, 2, 21],
      ].flatMap((shape) => every(shape)),
    ));
  test('rank 4, in all orders', () =>
    check(
      [
        [2, 5, 6, 7],
        [3, 16, 1, 20],
        [2, 9, 3, 2],
      ].flatMap((shape) => every(shape)),
    ));
  test('rank 5 and 6', () => check([...every([2, 3, 4, 5, 6], 3), ...every([3, 2, 5, 2, 4, 3], 23)]));
  test('rank 7 and 8', () =>
    check([...every([2, 3, 2, 4, 3, 2, 5], 307), ...every([2, 3, 2, 2, 2, 3, 2, 2], 2503)]));
  test('images to NCHW and back, with few channels and with many', () =>
    check(
      [1, 3, 4, 17, 64].flatMap((c) => [
        { name: `NCHW ${c}`, shape: [2, 9, 11, c], of: (x: Tensor) => ops.transpose(x, [0, 3, 1, 2]) },
        { name: `NHWC ${c}`, shape: [2, c, 9, 11], of: (x: Tensor) => ops.transpose(x, [0, 2, 3, 1]) },
      ]),
    ));
});

describe('slice, concat, broadcast', () => {
  test('slices of rank 5 and 6', () =>
    check(
      [
        [
          [3, 4, 5, 6, 7],
          [1, 1, 1, 1, 1],
          [2, 2, 3, 4, 5],
        ],
        [
          [3, 4, 3, 2, 4, 5],
          [1, 2, 0, 0, 1, 2],
          [1, 2, 3, 2, 2, 3],
        ],
        [
          [3, 3, 3, 3, 3, 3],
          [1, 1, 1, 1, 1, 1],
          [2, 2, 2, 2, 2, 2],
        ],
        [
          [2, 3, 3, 3, 3, 3, 9],
          [0, 1, 1, 1, 1, 1, 2],
          [2, 2, 2, 2, 2, 2, 6],
        ],
      ].map(([shape, start, part]) => ({
        name: `${shape} from ${start}`,
        shape: shape!,
        of: (x: Tensor) => ops.slice(x, { start: start!, shape: part! }),
      })),
    ));

  test('slices and joins of channels', () =>
    check(
      [
        [1, 1],
        [3, 2],
        [4, 4],
        [16, 5],
        [17, 31],
        [64, 192],
      ].flatMap(([a, b]) => [
        {
          name: `${a} and ${b} joined`,
          shape: [2, 7, 5, a! + b!],
          of: (x: Tensor) => {
            const part = (from: number, n: number) =>
              ops.slice(x, { start: [0, 0, 0, from], shape: [2, 7, 5, n] });
            return ops.concat([part(a!, b!), part(0, a!)], 3);
          },
        },
      ]),
    ));

  test('nearest upsampling', () =>
    check(
      [1, 3, 4, 17, 64].map((c) => ({
        name: `${c} channels`,
        shape: [2, 3, 5, c],
        of: (x: Tensor) => ops.upsample(x, [2, 3]),
      })),
    ));

  test('one number repeated along a line, and lines repeated', () =>
    check(
      [1, 2, 3, 4, 5, 19, 4099].flatMap((n) => [
        { name: `along ${n}`, shape: [3, 1], of: (x: Tensor) => ops.broadcastTo(x, [3, n]) },
        { name: `down ${n}`, shape: [5], of: (x: Tensor) => ops.broadcastTo(x, [n, 5]) },
      ]),
    ));
});

test('a copy of millions of elements is divided among threads wherever its dimensions merge', () => {
  const x = variable('x', [8, 64, 64, 32]);
  const y = variable('y', [8, 64, 64, 16]);
  const channels = ops.slice(x, { start: [0, 0, 0, 8], shape: [8, 64, 64, 16] });
  const { instructions } = compile({ run: [ops.assign(y, channels)] }).plans.get('run')!;
  expect(instructions.map(({ opcode, tiles }) => [opcode, tiles])).toEqual([['copy', 512]]);
});
