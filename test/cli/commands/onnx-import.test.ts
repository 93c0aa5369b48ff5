import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, mlp, type TrainedModel } from 'wasm-distill';
import { exportOnnx } from 'wasm-distill/formats';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { perceptron } from '../../support/onnx-graphs.ts';
import { perceptronTable } from '../../support/onnx-table.ts';
import { studentOf } from '../../support/students.ts';

const folder = await temporaryFolder();
const path = (file: string) => join(folder, file);
const names = ['cat', 'dog', 'frog'];
/** Of images, as ours are exported. */
let ours: TrainedModel;

beforeAll(async () => {
  ours = studentOf({
    input: { shape: [6, 5, 3], values: 'bytes', normalization: { mean: [120], deviation: [64] } },
    layers: [{ conv: 4 }, { relu: true }, { gap: true }, { dense: 3 }],
  });
  await writeFile(path('images.onnx'), exportOnnx(ours));
  await writeFile(path('rows.onnx'), perceptron({ metadata: { names: JSON.stringify(names) } }));
  await writeFile(path('rows.csv'), perceptronTable(400, names));
  await writeFile(path('own.safetensors'), encodeModel(studentOf(mlp([4, 3]))));
});

const model = async (file: string) => decodeModel(await readFile(path(file)), file).model;

describe('export', () => {
  test('makes own models of ONNX files, ours as they were', async () => {
    const { code, stderr } = await cli('export', path('images.onnx'), '--format', 'safetensors');
    expect([code, stderr]).toEqual([0, expect.stringContaining('takes 6 × 5 × 3, (bytes − 120) / 64')]);
    const { architecture, weights } = await model('images.safetensors');
    expect(architecture).toEqual(ours.architecture);
    expect(weights).toEqual(ours.weights);
  });

  test('with the scaling of their samples that is given', async () => {
    const rows = ['export', path('rows.onnx'), '--format', 'safetensors,int8', '--out', folder];
    const { code } = await cli(...rows, '--teacher-mean', '1,2,3,4', '--teacher-std', '0.5');
    expect(code).toBe(0);
    const { architecture, classNames } = await model('rows.safetensors');
    expect(architecture.input).toEqual({
      ...{ shape: [4], values: 'floats' },
      normalization: { mean: [1, 2, 3, 4], deviation: [0.5, 0.5, 0.5, 0.5] },
    });
    expect(architecture.layers).toEqual([{ dense: 8 }, { relu: true }, { dense: 3 }]);
    expect(classNames).toEqual(names);
  });

  test('refuses a scaling where nothing takes it, and to write over what it reads', async () => {
    const scaled = await cli('export', path('own.safetensors'), '--teacher-mean', '1');
    expect([scaled.code, scaled.stderr]).toEqual([2, expect.stringContaining('and none is given')]);
    const same = await cli('export', path('rows.onnx'), '--format', 'onnx');
    expect(same.code).toBe(1);
    expect(same.stderr).toContain('is a model to be exported: give another --out');
  });
});

test('train --from goes on from the weights of an ONNX model', async () => {
  const run = ['train', '--from', path('rows.onnx'), '--data', path('rows.csv'), '--out', path('run')];
  const { code, stderr } = await cli(
    ...run,
    '--epochs',
    '1',
    '--lr',
    '1e-9',
    '--threads',
    '1',
    '--seed',
    '3',
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('what goes on is the layers 0, 2')]);
  await cli('export', path('rows.onnx'), '--format', 'safetensors', '--out', path('plain.safetensors'));
  const [before, after] = [await model('plain.safetensors'), await model('run/model.safetensors')];
  for (const [name, values] of before.weights)
    after.weights.get(name)!.forEach((w, i) => {
      expect(Math.abs(w - values[i]!)).toBeLessThan(1e-5);
    });
  const alone = await cli('train', '--data', path('rows.csv'), '--teacher-mean', '1');
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('none is given')]);
});
