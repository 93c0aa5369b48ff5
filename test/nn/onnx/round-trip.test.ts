import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine, makeDataset } from 'wasm-distill';
import { exportOnnx, importOnnx } from 'wasm-distill/formats';
import { classesOf } from '#library/nn/architecture.js';
import { parametersOf } from '#library/nn/placed-layers.js';
import { logitsOf } from '#library/teachers/logits.js';
import { faultOf } from '../../support/faults.js';
import { architectures, samplesFor, studentOf } from '../../support/students.js';

/** Networks that are exported with operators which aren't imported. */
const refused: Readonly<Record<string, string>> = {
  'rows in rows': 'the node Mul "0.scaled" takes numbers that differ by more than the channel',
};

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

test.each(Object.entries(architectures))('%s', async (name, architecture) => {
  const model = studentOf(architecture);
  const file = exportOnnx(model);
  if (refused[name]) {
    expect((await faultOf(() => importOnnx(file, 'm.onnx'))).message).toContain(refused[name]);
    return;
  }
  const back = importOnnx(file, 'm.onnx');
  const weights = ({ architecture: own, weights: values }: typeof model) =>
    parametersOf(own).map((parameter) => [parameter.role, parameter.shape, values.get(parameter.name)]);
  expect(weights(back)).toEqual(weights(model));
  const { shape, values: kind = 'floats' } = architecture.input;
  expect(back.architecture.input).toMatchObject({ shape, values: kind });
  const inputs = { shape, values: samplesFor(architecture.input, 4) };
  const data = makeDataset({ inputs, labels: new Int32Array(4), classes: classesOf(architecture) });
  const [before, after] = [await logitsOf(engine, [model], data), await logitsOf(engine, [back], data)];
  before.forEach((z, i) => {
    expect(Math.abs(after[i]! - z)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(z)));
  });
});
