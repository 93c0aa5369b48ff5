import { afterAll, expect, test } from 'vitest';
import { createEngine, parseShorthand, predict, train } from 'wasm-distill';
import { describeOnnx, exportOnnx, readOnnx } from 'wasm-distill/formats';
import { hiddenOf } from 'wasm-distill/objectives';
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

test('maps inside are hints with their channels last, whatever the graph’s layout, and their shape is told', async () => {
  const data = syntheticData(40);
  const { architecture } = parseShorthand('conv5k3 pool dense10', {
    input: { shape: data.inputs.shape },
    classes: 10,
  });
  const student = await train(engine, { architecture, data, epochs: 1, seed: 1 });
  const bytes = exportOnnx(student);
  const maps = describeOnnx(readOnnx(bytes, 'student'), 'student').hidden.filter(
    ({ op }) => op === 'MaxPool',
  );
  expect(maps).toHaveLength(1);
  const teacher = await onnxTeacher(bytes, { samples: data.inputs, features: maps[0]!.name });
  try {
    expect(teacher.facts.featuresShape).toEqual([6, 6, 5]);
    const expected = await hiddenOf(engine, student, data);
    const found = await hiddenOf(engine, teacher, data);
    expect(found).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
  } finally {
    await teacher.close();
  }
});
