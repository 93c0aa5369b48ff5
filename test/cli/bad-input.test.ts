import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeModel, mlp } from 'wasm-distill';
import { cli, type Ended, writeSmallMnist } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

/** One sentence of what went wrong after what was said of the data, nothing on standard output, no stack trace. */
function expectRefused({ code, stdout, stderr }: Ended, expected: { code: number; text: string }): void {
  expect(stderr).toContain(expected.text);
  expect(stderr).toMatch(/^(data: .+\nsamples: .+\n(.+\n)+)?wasm-distill: [^\n]+\n$/);
  expect(stdout).toBe('');
  expect(code).toBe(expected.code);
}

describe('usage', () => {
  it.each([
    [['distil'], "unknown command 'distil' (Did you mean distill?)"],
    [['distill', '--tempratur', '3'], "unknown option '--tempratur' (Did you mean --temperature?)"],
    [['distill', 'more'], "too many arguments for 'distill'"],
    [['distill', '--teacher'], 'argument missing'],
    [['evaluate'], "missing required argument 'models'"],
    [['distill', '--temperature', '0'], '--temperature must be a number from 0.01 to 1000, not "0"'],
    [['distill', '--temperature', '-4'], '--temperature must be'],
    [['distill', '--temperature', 'NaN'], '--temperature must be'],
    [['soften', 'x', '--temperature', '1e999'], '--temperature must be'],
    [['distill', '--alpha', '1.01'], '--alpha must be a number from 0 to 1'],
    [['distill', '--alpha', '-0.1'], '--alpha must be a number from 0 to 1'],
    [['distill', '--alpha', ''], '--alpha must be a number from 0 to 1'],
    [['distill', '--unlabeled', '2'], '--unlabeled must be a number from 0 to 1'],
    [['distill', '--loss', 'l2'], '--loss must be fusion or two-term or sum'],
    [['distill', '--loss', 'sum', '--alpha', '0.2'], '--loss sum adds both up as they are'],
    [
      ['distill', '--preset', 'x'],
      '--preset must be demo, survey, hinton-2015, fitnets, attention-transfer, fsp or darkrank, not "x"',
    ],
    [['distill', '--preset', 'survey', '--alpha', '0'], 'leave --alpha out'],
    [['distill', '--keep', 'best'], '--keep best goes by validation data: give --val 0.1 too'],
    [['distill', '--keep', 'first'], '--keep must be last or best'],
    [['distill', '--val', '1'], '--val must be a number between 0 and 1'],
    [['distill', '--teacher', '30', '--teacher', '0,1'], '16 layers), or a network in shorthand, not "0,1"'],
    [['distill', '--teacher-temperature', '0'], '--teacher-temperature must be a number from 0.01 to 1000'],
    [['distill', '--seeds', '0'], '--seeds must be a whole number'],
    [['train', '--seeds', '2', '--seed', '4294967295'], 'give a smaller --seed'],
    [['distill', '--teachers', '0'], '--teachers must be a whole number from 1 to 100'],
    [['distill', '--epochs', '1.5'], '--epochs must be a whole number'],
    [['distill', '--teacher-epochs', '0'], '--teacher-epochs must be a whole number'],
    [['distill', '--batch', '-1'], '--batch must be a whole number'],
    [['distill', '--lr', '0'], '--lr must be auto or a positive number'],
    [['distill', '--teacher-lr', 'fast'], '--teacher-lr must be auto or a positive number'],
    [['distill', '--limit', '0'], '--limit must be a whole number'],
    [['distill', '--seed', '-1'], '--seed must be a whole number from 0 to 4294967295'],
    [['distill', '--seed', '4294967296'], '--seed must be a whole number from 0 to 4294967295'],
    [['distill', '--teacher', '0,abc'], '--teacher must be whole numbers of units such as 800,800'],
    [['distill', '--student', '800,'], '--student must be whole numbers of units'],
    [['train', '--hidden', '0'], '--hidden must be whole numbers of units'],
    [['train', '--hidden', 'nobn dense30 conv16'], '--hidden: word 3, `conv16`'],
    [['train', '--hidden', 'nobn dens30'], '--hidden: word 2, `dens30`'],
    [['train', '--jitter', '99'], '--jitter must be a whole number'],
    [['train', '--dropout', '1'], '--dropout must be a number from 0 to less than 1'],
    [['train', '--max-norm', '-1'], '--max-norm must be 0 or a positive number'],
    [['distill', '--threads', 'many'], '--threads must be auto or a whole number'],
    [['distill', '--out', ''], '--out must be a path'],
  ])('%j', async (args, text) => {
    expectRefused(await cli(...args), { code: 2, text });
  });
});

describe('failures', () => {
  let folder: string;
  let data: string;
  let out: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = join(folder, 'data');
    out = join(folder, 'out');
    await mkdir(data);
    await writeSmallMnist(data, 200, 100);
  });

  const refused = async (text: string, ...args: string[]) =>
    expectRefused(await cli(...args), { code: 1, text });

  it.each(['0', '65', '1.5', '-2'])('%s threads', async (threads) => {
    const text = `threads must be a whole number from 1 to 64 or 'auto', not ${threads}`;
    await refused(text, 'distill', '--data', data, '--threads', threads, '--out', out);
  });

  it('more training images than there are', async () => {
    const text = `--limit 201 is more than the 200 training images of ${data}: give at most 200`;
    await refused(text, 'train', '--data', data, '--limit', '201', '--out', out);
  });

  it('no data', async () => {
    const nowhere = join(folder, 'nowhere');
    await refused(`there is no folder ${nowhere}`, 'distill', '--data', nowhere, '--out', out);
    await refused(
      `${folder}: there is no train-images-idx3-ubyte`,
      'distill',
      '--data',
      folder,
      '--out',
      out,
    );
  });

  it('damaged data', async () => {
    const damaged = join(folder, 'damaged');
    await mkdir(damaged);
    await writeSmallMnist(damaged, 200, 100);
    const file = join(damaged, 't10k-images-idx3-ubyte');
    await writeFile(file, (await readFile(file)).subarray(0, 5000));
    await refused(
      `${damaged}: t10k-images-idx3-ubyte: the IDX file has 5000 bytes`,
      'train',
      '--data',
      damaged,
      '--out',
      out,
    );
    await refused(`${file}: the IDX file has 5000 bytes`, 'info', file);
  });

  it('an output folder that can not be written, before any work', async () => {
    const file = join(data, 'train-labels-idx1-ubyte');
    await refused(
      `${file} can't be written (there is a file of that name)`,
      'distill',
      '--data',
      data,
      '--out',
      file,
    );
    const below = join(file, 'below');
    await refused(
      `${below} can't be written (part of the path is a file)`,
      'train',
      '--data',
      data,
      '--out',
      below,
    );
    const model = await modelFile('writes.safetensors', [784, 10]);
    await refused(
      `${data} can't be written (it is a folder)`,
      'soften',
      model,
      '--data',
      data,
      '--out',
      data,
    );
  });

  it('files that are not there or not models', async () => {
    const absent = join(folder, 'absent.safetensors');
    await refused(`there is no file ${absent}`, 'evaluate', absent, '--data', data);
    await refused(`${folder} can't be read (it is a folder)`, 'info', folder);
    const labels = join(data, 'train-labels-idx1-ubyte');
    await refused(`${labels}: `, 'evaluate', labels, '--data', data);
    const cutShort = join(folder, 'cut.safetensors');
    await copyFile(await modelFile('whole.safetensors', [784, 10]), cutShort);
    await writeFile(cutShort, (await readFile(cutShort)).subarray(0, 1000));
    await refused(`${cutShort}: `, 'evaluate', cutShort, '--data', data);
    await refused(`${cutShort}: `, 'info', cutShort);
  });

  it('models that do not fit the data', async () => {
    const inputs = await modelFile('inputs.safetensors', [100, 10]);
    const classes = await modelFile('classes.safetensors', [784, 7]);
    const images = join(data, 't10k-images-idx3-ubyte');
    await refused(
      'the model takes 100 inputs, but the samples have 784 numbers',
      'evaluate',
      inputs,
      '--data',
      data,
    );
    await refused('the model has 7 classes, but the data have 10', 'evaluate', classes, '--data', data);
    await refused('the model takes 100 inputs', 'predict', inputs, images);
    await refused(
      'the model has 7 classes, but the data have 10',
      'soften',
      classes,
      '--data',
      data,
      '--out',
      join(out, 's'),
    );
  });

  it('more memory than wasm32 has', async () => {
    const size = ['--hidden', '40000,40000', '--limit', '100'];
    await refused('model: ', 'train', '--data', data, ...size, '--out', out, '--threads', '1');
  });

  it('a loss that diverges, naming the model', async () => {
    const recipe = [
      '--limit',
      '200',
      '--teacher',
      '16',
      '--student',
      '8',
      '--teachers',
      '2',
      '--teacher-epochs',
      '1',
    ];
    const { code, stdout, stderr } = await cli(
      'distill',
      '--data',
      data,
      ...recipe,
      '--teacher-lr',
      '1e30',
      '--threads',
      '2',
      '--out',
      out,
    );
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^wasm-distill: teacher [12]: the loss became (NaN|Infinity) at step \d: .*smaller learning rate, or the default recipe.*$/m,
    );
  });

  it('a stack trace is for those who set DEBUG', async () => {
    process.env.DEBUG = '1';
    const { code, stderr } = await cli('info', folder).finally(() => {
      delete process.env.DEBUG;
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wasm-distill: [^\n]+\n.*\n +at /);
  });

  async function modelFile(name: string, layers: number[]): Promise<string> {
    const [inputs, classes] = layers as [number, number];
    const weights = new Map([
      ['logits.weight', new Float32Array(inputs * classes)],
      ['logits.bias', new Float32Array(classes)],
    ]);
    const file = join(folder, name);
    await writeFile(file, encodeModel({ architecture: mlp(layers), weights }));
    return file;
  }
});
