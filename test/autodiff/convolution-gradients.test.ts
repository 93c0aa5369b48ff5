import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine, type LayerSpec } from 'wasm-distill';
import { gradients, network, ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { size } from '#library/graph/shape.js';
import { evaluate, type Input } from '../support/golden-values.ts';
import { numbers } from '../support/numbers.ts';

/*
 * Gradients of gradients through a network with every kind of convolution and pool: the squared norms of a loss's
 * gradients by the images and by the weights, differentiated by everything, against finite differences of the float64
 * reference; and the kernels against the reference.
 */

const layers: LayerSpec[] = [
  { conv: 4, kernel: 3, stride: 2, bias: false },
  { norm: 'batch' },
  { tanh: true },
  {
    sum: [[{ depthwise: 3 }, { conv: 4, kernel: 1, groups: 2 }, { sigmoid: true }], []],
  },
  { concat: [[{ conv: 2, dilation: 2 }], [{ deconv: 3, kernel: 2 }]] },
  { leakyRelu: 0.25 },
  { pool: 3, stride: 2, pad: 1 },
  { upsample: 2 },
  { avg: 2, stride: 1 },
  { maxout: 5 },
  { dense: 3 },
];
const { forward, trained, state } = network({ input: { shape: [7, 8, 2] }, layers });
const x = variable('x', [3, 7, 8, 2]);
const labels = variable('labels', [3], 'i32');
const sources = [x, ...trained.map((p) => p.variable)];

const inputs: Input[] = [
  { variable: x, values: numbers(size(x.shape), 1, 1) },
  { variable: labels, values: Int32Array.from([2, 0, 1]) },
  ...trained.map(({ variable: v, role, fanIn }, i) => ({
    variable: v,
    values: numbers(size(v.shape), 2 + i, role === 'weight' ? 1 / Math.sqrt(fanIn) : 0.3),
  })),
  ...state.map(({ variable: v }, i) => ({
    variable: v,
    values: numbers(size(v.shape), 50 + i, 0.4).map((n) => n + 0.9),
  })),
];

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

describe.each(['train', 'infer'] as const)('in mode %s', (mode) => {
  const { logits } = forward(x, mode);
  const loss = ops.sumTo(ops.kdLoss(logits, { labels }), []);
  const first = gradients(loss, sources);
  const byImages = ops.sumOfSquares([first[0]!]);
  const byWeights = ops.sumOfSquares(first.slice(1));
  const second = [byImages, byWeights].flatMap((norm) => gradients(norm, sources));

  test('first and second gradients are the finite differences', async () => {
    for (const [f, derivative] of [
      [loss, first],
      [byImages, second.slice(0, sources.length)],
      [byWeights, second.slice(sources.length)],
    ] as const) {
      const analytic = evaluateReference(derivative, valuesOf());
      const scale = Math.max(1, evaluateReference([f], valuesOf())[0]![0]!);
      for (const [i, source] of sources.entries())
        for (const element of sampled(size(source.shape))) {
          const numeric = difference(f, source, element);
          const error = Math.abs(analytic[i]![element]! - numeric);
          expect(error, `${source.name}[${element}]: ${numeric}`).toBeLessThan(
            1e-6 * scale + 1e-5 * Math.abs(numeric),
          );
        }
    }
  });

  test('the kernels agree with the reference', async () => {
    const tensors = [logits, ...first, ...second];
    const expected = await evaluate(undefined, inputs, tensors);
    const got = await evaluate(engine, inputs, tensors);
    for (const [i, values] of expected.entries()) {
      const greatest = Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
      const worst = Array.from(values).reduce((most, v, j) => Math.max(most, Math.abs(v - got[i]![j]!)), 0);
      expect(worst / greatest, `tensor ${i}`).toBeLessThan(1e-4);
    }
  });
});

function valuesOf(): Map<Tensor, ArrayLike<number>> {
  return new Map(inputs.map((input) => [input.variable, input.values]));
}

function difference(f: Tensor, source: Tensor, element: number): number {
  const at = (offset: number) => {
    const values = valuesOf();
    const moved = Float64Array.from(values.get(source)!);
    moved[element]! += offset;
    return evaluateReference([f], values.set(source, moved))[0]![0]!;
  };
  return (at(1e-5) - at(-1e-5)) / 2e-5;
}

/** A few of the indices. */
function sampled(n: number): number[] {
  const count = Math.min(n, 4);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * n) / count));
}
