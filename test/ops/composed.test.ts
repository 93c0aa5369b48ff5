import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';

const engine = await createEngine({ threads: 2 });
afterAll(() => engine.close());

/** What an operator and its gradient, of Σ y, are of these numbers on an engine. */
async function computed(op: (x: Tensor) => Tensor, values: readonly number[], columns = 1) {
  const x = variable('x', [values.length / columns, columns]);
  const y = op(x);
  const tensors = [y, ...gradients(ops.sumTo(y, []), [x])];
  const outputs = tensors.map((tensor, i) => variable(`output${i}`, tensor.shape));
  const session = await engine.load({
    run: tensors.map((tensor, i) => ops.assign(outputs[i]!, tensor)),
  });
  await session.write(x, Float32Array.from(values));
  await session.run('run');
  const [value, gradient] = await Promise.all(outputs.map(async (o) => [...(await session.read(o))]));
  await session.close();
  return { value: value!, gradient: gradient! };
}

describe('huber', () => {
  const huber = (d: number) => (Math.abs(d) <= 1 ? 0.5 * d * d : Math.abs(d) - 0.5);

  test('is a parabola up to 1 and a line beyond, with a gradient of at most 1', async () => {
    const values = [-1e6, -3, -1, -0.5, 0, 1e-4, 0.25, 1, 1.5, 40, 1e30];
    const { value, gradient } = await computed(ops.huber, values);
    value.forEach((got, i) => {
      expect(got / Math.max(1e-9, huber(values[i]!))).toBeCloseTo(values[i] === 0 ? 0 : 1, 5);
    });
    gradient.forEach((got, i) => {
      expect(got).toBeCloseTo(Math.max(-1, Math.min(1, values[i]!)), 6);
    });
  });
});

describe('softplus', () => {
  test('is log(1 + eˣ) from one end of f32 to the other, its gradient sigmoid', async () => {
    const values = [-3e38, -200, -20, -3, -1e-3, 0, 0.5, 3, 17, 90, 3e38];
    const { value, gradient } = await computed(ops.softplus, values);
    value.forEach((got, i) => {
      const expected = Math.max(values[i]!, 0) + Math.log1p(Math.exp(-Math.abs(values[i]!)));
      expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-7 + 2.4e-7 * expected);
    });
    gradient.forEach((got, i) => {
      expect(got).toBeCloseTo(1 / (1 + Math.exp(-values[i]!)), 6);
    });
  });

  test('has the derivative of sigmoid as its second one', () => {
    const x = variable('x', [3]);
    const first = gradients(ops.sumTo(ops.softplus(x), []), [x])[0]!;
    const second = gradients(ops.sumTo(first, []), [x])[0]!;
    const at = [-2, 0.3, 4];
    const got = [...evaluateReference([second], new Map([[x, at]]))[0]!];
    at.forEach((v, i) => {
      const s = 1 / (1 + Math.exp(-v));
      expect(got[i]).toBeCloseTo(s * (1 - s), 12);
    });
  });
});

describe('unitRows', () => {
  test.each([1, 3, 17])(
    '%i columns: rows have length 1, one of zeros stays with a finite gradient',
    async (columns) => {
      const values = Array.from({ length: 5 * columns }, (_, i) =>
        i < columns ? 0 : Math.sin(7 * i) * 10 ** (i % 5),
      );
      const { value, gradient } = await computed(ops.unitRows, values, columns);
      const lengths = Array.from({ length: 5 }, (_, row) =>
        Math.hypot(...value.slice(row * columns, (row + 1) * columns)),
      );
      lengths.forEach((length, row) => {
        expect(length).toBeCloseTo(row === 0 ? 0 : 1, 5);
      });
      expect(gradient.every(Number.isFinite)).toBe(true);
    },
  );

  test('has the gradient that finite differences give', () => {
    const x = variable('x', [2, 3]);
    const weights = ops.constant([1, -2, 0.5, 3, 0.1, -1], [2, 3]);
    const total = ops.sumTo(ops.multiply(ops.unitRows(x), weights), []);
    const at = [0.3, -1, 2, 5, 0.2, -0.7];
    const of = (values: readonly number[]) => evaluateReference([total], new Map([[x, values]]))[0]![0]!;
    const [gradient] = evaluateReference(gradients(total, [x]), new Map([[x, at]]));
    at.forEach((_, i) => {
      const moved = (h: number) => of(at.map((v, k) => (k === i ? v + h : v)));
      expect(gradient![i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 7);
    });
  });
});
