import { afterAll, expect, test } from 'vitest';
import { createEngine, parseShorthand, predict, train } from 'wasm-distill';
import { exportOnnx } from 'wasm-distill/formats';
import { onnxTeacher } from 'wasm-distill/onnx';
import { syntheticData } from '../../support/golden.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

test('a student that was exported teaches as it is: it takes bytes, and normalizes them itself', async () => {
  const data = syntheticData(50);
  const { architecture } = parseShorthand('conv4k3 pool dense10', {
    input: { shape: data.inputs.shape },
    classes: 10,
  });
  const student = await train(engine, { architecture, data, epochs: 2, seed: 1 });
  const bytes = exportOnnx(student);
  const teacher = await onnxTeacher(bytes, { samples: data.inputs });
  try {
    expect(teacher.facts).toMatchObject({ unit: 1, mean: 0, std: 1 });
    const expected = await predict(engine, student, data);
    const found = await predict(engine, teacher, data);
    for (const [i, p] of expected.entries()) expect(found[i]).toBeCloseTo(p, 5);
  } finally {
    await teacher.close();
  }
  await expect(onnxTeacher(bytes, { mean: 0.5 })).rejects.toThrow(/leave mean and std out/);
});
