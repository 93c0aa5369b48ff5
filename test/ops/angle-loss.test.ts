import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { ops, type Tensor, variable } from 'wasm-distill/graph';
import { gradients } from '#library/autodiff/gradients.js';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { angleLoss } from '#library/ops/angle-loss.js';

/** More samples than there are tiles, so that a tile has several, and a rest after whole vectors. */
const N = 59;

/** Numbers about 0, in no order: n² of them. */
function numbers(seed: number): number[] {
  return Array.from({ length: N * N }, (_, i) => Math.fround(Math.sin(seed + i * 12.9898) * 1.5));
}

test('angles of many samples: loss and gradient in one pass, by tiles, with the same bits on 1, 2 and 3 threads', async () => {
  const inputs = Array.from({ length: 6 }, (_, i) => variable(`input${i}`, [N, N]));
  const [student, teacher] = [inputs.slice(0, 3), inputs.slice(3)].map(([products, offsets, scales]) => ({
    products: products!,
    offsets: offsets!,
    scales: scales!,
  }));
  const data = new Map<Tensor, number[]>(inputs.map((input, i) => [input, numbers(i)]));
  const losses = angleLoss(student!, teacher!);
  const values = [losses, ...gradients(ops.sum(losses, 0), inputs.slice(0, 3))];
  const targets = values.map((value, i) => variable(`target${i}`, value.shape));
  const plans = { step: targets.map((target, i) => ops.assign(target, values[i]!)) };
  const expected = evaluateReference(values, data, { seed: 1, step: 0 });

  let first: Int32Array[] | undefined;
  for (const threads of [1, 2, 3]) {
    const engine = await createEngine({ threads });
    const session = await engine.load(plans);
    for (const input of inputs) await session.write(input, Float32Array.from(data.get(input)!));
    await session.run('step');
    const got = await Promise.all(targets.map((target) => session.read(target)));
    got.forEach((array, i) => {
      const largest = expected[i]!.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const off = array.reduce((most, x, j) => Math.max(most, Math.abs(x - expected[i]![j]!)), 0);
      expect(off / largest, `value ${i} on ${threads} threads`).toBeLessThan(1e-5);
    });
    const bits = got.map((array) => new Int32Array(array.buffer));
    first ??= bits;
    expect(bits).toEqual(first);
    expect(engine.explain(plans).match(/angleLoss/g)).toHaveLength(1);
    await engine.close();
  }
});
