import { expect, test } from 'vitest';
import { createEngine, makeDataset, train } from 'wasm-distill';

test('running statistics are those of samples alone, also where the last batch isn’t full', async () => {
  await using engine = await createEngine({ threads: 2 });
  // Every image is the same; rows of zeros beside them would lower the mean.
  const size = 7;
  const values = new Uint8Array(size * 4).fill(200);
  const data = makeDataset({
    inputs: { shape: [2, 2, 1], values },
    labels: Uint8Array.from({ length: size }, (_, i) => i % 2),
    classes: 2,
  });
  const architecture = {
    input: { shape: [2, 2, 1] },
    layers: [{ name: 'norm', norm: 'batch' as const, momentum: 1 }, { dense: 2 }],
  };
  for (const order of [undefined, () => Int32Array.from({ length: size }, (_, i) => i)]) {
    const model = await train(engine, { architecture, data, epochs: 2, seed: 1, batch: 4, order });
    expect(model.weights.get('norm.mean')![0]).toBeCloseTo(200 / 255, 6);
    expect(model.weights.get('norm.variance')![0]).toBeCloseTo(0, 9);
  }
});
