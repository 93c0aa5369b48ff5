import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeModel, weightsSha256 } from 'wasm-distill';
import { decodeSoftTargets, encodeSafetensors } from 'wasm-distill/formats';
import { cli, writeSmallMnist } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const COMMANDS = ['distill', 'train', 'soften', 'evaluate', 'predict', 'info', 'check-gpu'];

describe('help', () => {
  it('is given without a command', async () => {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(COMMANDS)('%s --help has examples', async (command) => {
    const { code, stdout, stderr } = await cli(command, '--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: wasm-distill ${command}`);
    expect(stdout).toMatch(new RegExp(`\nExamples:\n  wasm-distill ${command} `));
  });

  it.each(COMMANDS)('%s --help speaks of no option that it hasn’t', async (command) => {
    const [, options = ''] = /\nOptions:\n(.*?)\n\n/s.exec((await cli(command, '--help')).stdout) ?? [];
    const own = [...options.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(own).toContain('--json');
    for (const [flag] of options.matchAll(/--[a-z][\w-]*/g)) expect(own).toContain(flag);
    // Only a few have teachers.
    if (command === 'train') expect(options).not.toMatch(/teacher(?!-(mean|std))/);
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect((await cli('--version')).stdout).toBe(`${version}\n`);
  });
});

describe('commands on saved models', () => {
  let folder: string;
  let data: string;
  let models: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = folder;
    await writeSmallMnist(data, 600, 300);
    models = await Promise.all(['1', '2'].map(trainOne));
  });

  async function trainOne(seed: string): Promise<string> {
    const out = join(folder, `train-${seed}`);
    const recipe = ['--hidden', '24', '--epochs', '2', '--seed', seed, '--threads', '1'];
    const { code } = await cli('train', '--data', data, ...recipe, '--out', out);
    expect(code).toBe(0);
    return join(out, 'model.safetensors');
  }

  it('train reports one model', async () => {
    const out = join(folder, 'train-json');
    const recipe = ['--hidden', '24', '--epochs', '2', '--seed', '1', '--threads', '2'];
    const { code, stdout } = await cli('train', '--data', data, ...recipe, '--out', out, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      testSize: 300,
      model: { layers: [784, 24, 10], parameters: 785 * 24 + 250 },
    });
    expect(report.curve).toHaveLength(2);
    expect(report.config).toMatchObject({ limit: 600, hidden: [24], jitter: 0 });
    const again = decodeModel(await readFile(models[0]!), 'model').model;
    expect(await weightsSha256(again)).toBe(report.model.weightsSha256);
  });

  it('train --model takes a network in shorthand', async () => {
    const out = join(folder, 'train-conv');
    const text = 'conv4k5s2v conv6k3s2v@last gap';
    const recipe = ['--model', text, '--epochs', '2', '--threads', '1', '--json'];
    const { code, stdout } = await cli('train', '--data', data, ...recipe, '--out', out);
    expect(code).toBe(0);
    const { model, config } = JSON.parse(stdout);
    expect(config).toMatchObject({ model: text });
    expect(config).not.toHaveProperty('hidden');
    const layers = '28x28x1 conv4k5s2v conv6s2v gap dense10';
    expect(model).toMatchObject({ layers, parameters: 100 + 8 + 216 + 12 + 70 });
    expect((await cli('info', model.file)).stdout).toContain(
      `network        ${layers.replace(' gap', '@last gap')}\n`,
    );
    const other = join(folder, 'train-wrong');
    const wrong = await cli('train', '--data', data, '--model', 'conv4k99v pool', '--out', other);
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toMatch(/--model: word 1, `conv4k99v`: conv: a window of 99 × 99 is larger/);
  });

  it('train counts errors after some of many epochs, and after the last', async () => {
    const out = join(folder, 'train-long');
    const recipe = ['--limit', '100', '--hidden', '8', '--epochs', '121', '--threads', '1'];
    const { code, stdout } = await cli('train', '--data', data, ...recipe, '--out', out, '--json');
    expect(code).toBe(0);
    const epochs = JSON.parse(stdout).curve.map(({ epoch }: { epoch: number }) => epoch);
    expect(epochs).toEqual([...Array.from({ length: 40 }, (_, i) => 3 * (i + 1)), 121]);
  });

  it('evaluate counts errors of each model and of the ensemble', async () => {
    const { code, stdout } = await cli('evaluate', ...models, '--data', data, '--threads', '2', '--json');
    expect(code).toBe(0);
    const { models: each, ensemble, testSize } = JSON.parse(stdout);
    expect(testSize).toBe(300);
    expect(each.map(({ file }: { file: string }) => file)).toEqual(models);
    const trained = JSON.parse(await readFile(join(folder, 'train-1', 'report.json'), 'utf8'));
    expect(each[0]).toMatchObject({ testErrors: trained.model.testErrors, relativeCost: 0.5 });
    expect(ensemble.testErrors).toBeLessThan(300);
    expect(ensemble.parameters).toBe(2 * trained.model.parameters);
  });

  it('evaluate prints a table', async () => {
    const { stdout } = await cli('evaluate', models[0]!, '--data', data, '--threads', '1');
    expect(stdout).toMatch(
      /^model +parameters +test errors +error\n.*model\.safetensors +19,090 +\d+ +\d+\.\d\d%\n$/,
    );
  });

  it('soften writes soft targets of the training images', async () => {
    const file = join(folder, 'made', 'soft.safetensors');
    const options = ['--data', data, '--limit', '400', '--temperature', '3', '--threads', '2', '--out', file];
    const { code, stdout } = await cli('soften', ...models, ...options, '--json');
    expect(code).toBe(0);
    const soft = decodeSoftTargets(await readFile(file), file);
    expect(JSON.parse(stdout)).toMatchObject({ file, samples: 400, temperature: 3, teachers: soft.teachers });
    expect(soft.probabilities.subarray(0, 10).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
    expect((await cli('soften', models[0]!, ...options)).stdout).toBe(`soft targets  ${file}\n`);
  });

  it('predict names a class and its probability for each image', async () => {
    const images = join(data, 't10k-images-idx3-ubyte');
    const lines = await cli('predict', models[0]!, images, '--limit', '5');
    expect(lines.code).toBe(0);
    expect(lines.stdout).toMatch(/^(\d\t\d\t[01]\.\d{4}\n){5}$/);
    const all = JSON.parse((await cli('predict', models[0]!, images, '--json')).stdout);
    expect(all).toHaveLength(300);
    const { index, label, probability, probabilities } = all[4];
    expect(lines.stdout.split('\n')[4]).toBe(`${index}\t${label}\t${probability.toFixed(4)}`);
    expect(Math.max(...probabilities)).toBe(probability);
    const labels = (await readFile(join(data, 't10k-labels-idx1-ubyte'))).subarray(8);
    const wrong = all.filter((each: { label: number }, i: number) => each.label !== labels[i]).length;
    const { model } = JSON.parse(await readFile(join(folder, 'train-1', 'report.json'), 'utf8'));
    expect(wrong).toBe(model.testErrors);
  });

  it('info says what is in a file', async () => {
    const model = await cli('info', models[0]!);
    expect(model.stdout).toMatch(
      /^kind +model\nnetwork +28x28x1 nobn dense24 dense10\nparameters +19090\nmultiplyAdds +19056\nweightsSha256 +[0-9a-f]{64}\n/,
    );
    expect(model.stdout).toMatch(
      /\n\nlayer +kind +output +parameters +MFLOP\n0 +dense +24 +18,840 +0\.038\n1 +relu +24 *\n2 +dense +10 +250 +0\.000\n$/,
    );
    const images = await cli('info', join(data, 'train-images-idx3-ubyte'), '--json');
    expect(JSON.parse(images.stdout)).toMatchObject({ kind: 'IDX', shape: [600, 28, 28] });
    const soft = join(folder, 'info-soft.safetensors');
    await cli('soften', models[0]!, '--data', data, '--temperature', '3', '--out', soft);
    expect(JSON.parse((await cli('info', soft, '--json')).stdout)).toMatchObject({
      kind: 'soft targets',
      samples: 600,
    });
    const other = join(folder, 'other.safetensors');
    const tensor = { name: 'x', dtype: 'I16' as const, shape: [2, 1], bytes: new Uint8Array(4) };
    await writeFile(other, encodeSafetensors([tensor], { made: 'elsewhere' }));
    expect((await cli('info', other)).stdout).toMatch(
      /^kind +safetensors\ntensors x +I16 2 × 1\nmetadata made +elsewhere\n$/,
    );
  });

  it('info says what a network in shorthand costs', async () => {
    const text = '12x12x2 conv4k5v pool res8 gap dense10';
    const { stdout, code } = await cli('info', text);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^kind +network\nnetwork +12x12x2 conv4k5v pool res8 gap dense10\nparameters +1242\n/,
    );
    expect(stdout).toMatch(/\n4\.0\.3 +conv +4 × 4 × 8 +576 +0\.018\n/);
    const found = JSON.parse((await cli('info', text, '--json')).stdout);
    expect(found).toMatchObject({ kind: 'network', network: text });
    expect(found.layers[0]).toEqual({
      ...{ path: '0', kind: 'conv', output: [8, 8, 4], parameters: 200, multiplyAdds: 12_800 },
    });
    const wrong = await cli('info', '12x12x2 conv4k15v dense10');
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toMatch(/word 2, `conv4k15v`: conv: a window of 15 × 15 is larger/);
    expect((await cli('info', 'conv4 dense10')).stderr).toMatch(/conv4 dense10/);
  });

  it('info knows a gzip', async () => {
    const { gzipSync } = await import('node:zlib');
    const file = join(folder, 'labels.gz');
    await writeFile(file, gzipSync(await readFile(join(data, 'train-labels-idx1-ubyte'))));
    expect(JSON.parse((await cli('info', file, '--json')).stdout)).toMatchObject({
      kind: 'IDX',
      shape: [600],
    });
  });
});
