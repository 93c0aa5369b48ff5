import type { Engine } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import type { Probe } from './gpu-probes.ts';

/** Products in one run, as a training has many kernels in one. */
const TIMES = 20;

/** A square product as a plan of the engine's; some of its elements have been checked. */
export async function productProbe(engine: Engine, n: number): Promise<Probe> {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => variable(name, [n, n]));
  const session = await engine.load({ product: [ops.assign(c!, ops.matmul(a!, b!))] });
  // Small whole numbers: their products and sums are exact in f32, in whatever order.
  const values = [7, 5].map((period) => Float32Array.from({ length: n * n }, (_, i) => (i % period) - 2));
  await session.write(a!, values[0]!);
  await session.write(b!, values[1]!);
  await session.run('product');
  check((await session.read(c!)) as Float32Array, values[0]!, values[1]!, n);
  const run = async () => {
    await session.run('product', { steps: TIMES });
  };
  return { name: 'product', run, work: TIMES * 2 * n ** 3 };
}

/** A benchmark that times a wrong result fails. */
function check(got: Float32Array, a: Float32Array, b: Float32Array, n: number): void {
  for (const [row, column] of [0, 0.3, 0.7, 1].map((x) => [x, 1 - x].map((y) => Math.round(y * (n - 1))))) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row! * n + k]! * b[k * n + column!]!;
    const element = got[row! * n + column!];
    if (element !== sum) throw new Error(`the product's [${row}, ${column}] is ${element} instead of ${sum}`);
  }
}
