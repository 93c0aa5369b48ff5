import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeInt8Model, encodeModel, loadMnist } from 'wasm-distill';
import { byteInput } from 'wasm-distill/graph';
import { load } from 'wasm-distill/infer';
import { cli, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { randomModel } from '../../support/models.ts';

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  model = join(folder, 'model.safetensors');
  await writeSmallMnist(folder, 50, 300);
  await writeFile(model, encodeModel(randomModel([784, 40, 10], 1, byteInput), { history: '[]' }));
});

async function errorsOf(file: string): Promise<number> {
  const { test: images } = await loadMnist(folder);
  const { labels } = (await load(file)).predictBatch(images.inputs.values, images.size);
  return labels.filter((label, i) => label !== images.labels[i]).length;
}

test('quantize writes the 8-bit model and counts what it changes', async () => {
  const out = join(folder, 'made', 'small.safetensors');
  const { code, stdout } = await cli('quantize', model, '--data', folder, '--out', out, '--json');
  expect(code).toBe(0);
  const size = async (file: string) => (await readFile(file)).length;
  expect(JSON.parse(stdout)).toEqual({
    before: { file: model, bytes: await size(model), testErrors: await errorsOf(model) },
    after: { file: out, bytes: await size(out), testErrors: await errorsOf(out) },
    testSize: 300,
  });
  expect((await size(out)) / (await size(model))).toBeLessThan(0.27);
});

test('quantize names its file after the model and prints a table', async () => {
  const { code, stdout } = await cli('quantize', model, '--data', folder);
  expect(code).toBe(0);
  const line = String.raw`+[\d,]+ +\d+ +\d+\.\d\d%\n`;
  expect(stdout).toMatch(
    new RegExp(
      `^model +bytes +test errors +error\n.*model\\.safetensors ${line}.*model\\.int8\\.safetensors ${line}$`,
    ),
  );
  expect((await load(join(folder, 'model.int8.safetensors'))).inputs).toBe(784);
});

test('evaluate counts the errors of 8-bit files, alone and with others', async () => {
  const int8 = join(folder, 'counted.int8.safetensors');
  const made = await cli('quantize', model, '--data', folder, '--out', int8, '--json');
  const { after } = JSON.parse(made.stdout);
  const { code, stdout } = await cli('evaluate', int8, model, '--data', folder, '--json');
  expect(code).toBe(0);
  const { models, ensemble } = JSON.parse(stdout);
  expect(models[0]).toMatchObject({ file: int8, testErrors: after.testErrors });
  expect(models[0].layers).toEqual(models[1].layers);
  expect(models[0].relativeCost).toBe(0.5);
  expect(ensemble.parameters).toBe(2 * models[1].parameters);
  expect(Math.abs(ensemble.testErrors - models[1].testErrors)).toBeLessThan(5);
  const other = join(folder, 'unfit.int8.safetensors');
  await writeFile(other, encodeInt8Model(randomModel([20, 6, 3])));
  expect((await cli('evaluate', other, '--data', folder)).stderr).toContain('the model takes 20 inputs');
});

test('info shows the network of an 8-bit file', async () => {
  const int8 = join(folder, 'shown.int8.safetensors');
  await writeFile(int8, encodeInt8Model(randomModel([20, 6, 3])));
  const { code, stdout } = await cli('info', int8);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^kind +model with 8-bit weights\nbytes +\d+\nnetwork +20 nobn dense6@layer1 dense3@logits\n/,
  );
  expect(stdout).toMatch(/\n\nlayer +kind +output +parameters +MFLOP\nlayer1\.dense +dense +6 +126 /);
  const cut = join(folder, 'cut.int8.safetensors');
  await writeFile(cut, (await readFile(int8)).subarray(0, 700));
  expect((await cli('info', cut)).stderr).toMatch(/^wasm-distill: .*cut\.int8\.safetensors: /);
});

test('a model that MNIST does not fit is quantized, uncounted', async () => {
  const other = join(folder, 'other.safetensors');
  await writeFile(other, encodeModel(randomModel([20, 6, 3])));
  const { code, stdout, stderr } = await cli('quantize', other, '--json');
  expect(code).toBe(0);
  expect(stderr).toContain('errors are not counted: the model takes 20 inputs');
  expect(Object.keys(JSON.parse(stdout).after)).toEqual(['file', 'bytes']);
  expect((await cli('quantize', other, '--data', folder)).code).toBe(1);
});

test('what can not be quantized is told in one line', async () => {
  const int8 = join(folder, 'already.safetensors');
  await cli('quantize', model, '--data', folder, '--out', int8);
  const cases: [string[], number, RegExp][] = [
    [[], 2, /missing required argument/],
    [[join(folder, 'none')], 1, /there is no file/],
    [[join(folder, 't10k-labels-idx1-ubyte')], 1, /header/],
    [[int8], 1, /weights of 8 bits/],
    [[model, '--out', model], 1, /is the model itself/],
    [[model, '--out', folder], 1, /is a folder/],
    [[model, '--data', join(folder, 'nowhere')], 1, /there is no folder/],
    [[model, '--threads', '2'], 2, /unknown option/],
  ];
  for (const [args, code, message] of cases) {
    const ended = await cli('quantize', ...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  }
});

test('quantize --help has examples', async () => {
  const { stdout } = await cli('quantize', '--help');
  expect(stdout).toContain('Usage: wasm-distill quantize');
  expect(stdout).toMatch(/\nExamples:\n {2}wasm-distill quantize /);
});
