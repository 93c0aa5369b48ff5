import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createEngine, type Dataset, evaluate, makeDataset, take } from 'wasm-distill';
import { loadParquet } from 'wasm-distill/data';
import { type OnnxTeacherOptions, onnxTeacher } from 'wasm-distill/onnx';
import { perceptron } from '../../support/onnx-graphs.ts';
import { perceptronClasses } from '../../support/onnx-table.ts';

/** Teachers that others made, where they are at hand; else our perceptron, on rows that it knows. */
const CIFAR = '../shared/data/cifar10-test.parquet';
const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

const images = existsSync(CIFAR) ? take(await loadParquet(CIFAR), 500) : undefined;

function rows(): Dataset {
  const values = Float32Array.from({ length: 4 * 500 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  return makeDataset({ inputs: { shape: [4], values }, labels: perceptronClasses(values), classes: 3 });
}

const models: [string, OnnxTeacherOptions, layout: string][] = [
  ['cifar10-resnet-4b', { mean: [0.4914, 0.4822, 0.4465], std: [0.2471, 0.2435, 0.2616] }, 'nchw'],
  ['cifar10-cnn-large', {}, 'nhwc'],
];

test.each(models)('%s classifies as it was published', async (name, options, layout) => {
  const path = `../shared/data/onnx/${name}.onnx`;
  const there = images !== undefined && existsSync(path);
  const teacher = await onnxTeacher(there ? path : perceptron(), there ? options : {});
  try {
    const data = there ? images : rows();
    const { errors, size } = await evaluate(engine, teacher, data);
    expect(1 - errors / size).toBeGreaterThan(0.7);
    expect(teacher.facts).toMatchObject({
      ...{ layout: there ? layout : undefined, batch: 'any' },
      output: { kind: 'logits', columns: there ? 10 : 3 },
    });
  } finally {
    await teacher.close();
  }
});

test('scikit-learn’s dictionaries of probabilities are bypassed', async () => {
  const path = '../shared/data/onnx/iris-logistic-zipmap.onnx';
  const there = existsSync(path);
  const teacher = await onnxTeacher(there ? path : perceptron({ last: 'Softmax' }));
  const samples = { shape: [4], values: Float32Array.of(5.1, 3.5, 1.4, 0.2, 6.7, 3, 5.2, 2.3) };
  const logits = await teacher.logits(samples);
  await teacher.close();
  expect(teacher.facts.output).toMatchObject({ kind: 'probabilities', columns: 3 });
  for (const row of [logits.subarray(0, 3), logits.subarray(3)])
    expect(row.reduce((sum, z) => sum + Math.exp(z), 0)).toBeCloseTo(1, 5);
  // A setosa and a virginica.
  if (there) expect([logits[0]! > logits[2]!, logits[3]! < logits[5]!]).toEqual([true, true]);
});
