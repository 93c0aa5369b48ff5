import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeNpy } from 'wasm-distill/formats';
import { trainCommand } from '../../../cli/commands/train.ts';
import type { DataOptions } from '../../../cli/data/ask.ts';
import { loadTraining } from '../../../cli/data/stream.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { listening } from './said.ts';

/** Bytes of the training data's file, without its header: any less makes a stream of them. */
const SAMPLES = 600;
const LARGE = SAMPLES * 12 * 4;

let folder: string;
const at = (name: string) => join(folder, name);

/** Rows of 12 numbers, of which one is high: that of the class, far from 0 as columns of tables are. */
function rows(count: number, classes = 3) {
  const data = Float32Array.from({ length: count * 12 }, (_, i) => {
    const [row, column] = [Math.floor(i / 12), i % 12];
    return 1000 + (column === row % classes ? 50 : 0) + ((i * 7919) % 31);
  });
  return { shape: [count, 12], data };
}
const labels = (count: number) => ({
  shape: [count],
  data: Int32Array.from({ length: count }, (_, i) => i % 3),
});

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(at('x_train.npy'), encodeNpy(rows(SAMPLES)));
  await writeFile(at('y_train.npy'), encodeNpy(labels(SAMPLES)));
  await writeFile(at('x_test.npy'), encodeNpy(rows(60)));
  await writeFile(at('y_test.npy'), encodeNpy(labels(60)));
  await writeFile(at('x_alone.npy'), encodeNpy(rows(SAMPLES)));
  await writeFile(at('packed_x.npy.gz'), gzipSync(encodeNpy(rows(SAMPLES))));
  await writeFile(at('packed_y.npy.gz'), gzipSync(encodeNpy(labels(SAMPLES))));
  await mkdir(at('turned'));
  const pictures = { shape: [20, 3, 5, 4], data: new Uint8Array(20 * 60).fill(7) };
  for (const part of ['train', 'val', 'test']) {
    await writeFile(at(`turned/x_${part}.npy`), encodeNpy(pictures));
    await writeFile(at(`turned/y_${part}.npy`), encodeNpy(labels(20)));
  }
});

async function loaded(options: DataOptions, most: number) {
  const { progress, lines } = listening();
  return { ...(await loadTraining({ batch: 10, ...options }, progress, most)), said: lines.join('\n') };
}

describe('training data that are larger than a bound', () => {
  it('go by a stream, and others are in memory', async () => {
    const data = at('x_train.npy');
    const large = await loaded({ data }, LARGE);
    expect(large.train).toMatchObject({ size: SAMPLES, classes: 3, values: 'floats', shape: [12] });
    expect(large.train).toHaveProperty('read');
    expect(large.window).toBe(2_796_202);
    expect(large.test.size).toBe(60);
    const small = await loaded({ data }, 2 * LARGE);
    expect(small.train).not.toHaveProperty('read');
    expect(small.train).toBe(small.some);
    expect(small).not.toHaveProperty('window');
    const { notes, ...facts } = large.facts;
    expect(small.facts).toMatchObject(facts);
    expect(notes).toEqual([
      ...small.facts.notes,
      `${data} isn't kept in memory: it is read through once, then in each epoch in windows of 600 samples`,
    ]);
    expect(large.said).toContain(`data: npy arrays ${data}, tests ${at('x_test.npy')}`);
  });

  it('say that they are turned, and have a validation part beside them', async () => {
    const { train, validation, test, said } = await loaded({ data: at('turned') }, 100);
    expect(train).toMatchObject({ shape: [5, 4, 3], values: 'bytes' });
    expect(train).toHaveProperty('read');
    expect([validation!.size, test.size]).toEqual([20, 20]);
    expect(said).toContain('images of 3 × 5 × 4 are turned: channels come last, 5 × 4 × 3');
  });

  it('are in memory where they are packed', async () => {
    const { train } = await loaded(
      { data: at('packed_x.npy.gz'), label: at('packed_y.npy.gz'), test: at('x_test.npy') },
      100,
    );
    expect(train).not.toHaveProperty('read');
  });

  it.each<[string, () => DataOptions, RegExp]>([
    ['--val', () => ({ data: at('x_train.npy'), val: 0.1 }), /^--val can't split samples off .*x_train\.npy/],
    ['--limit', () => ({ data: at('x_train.npy'), limit: 9 }), /^--limit can't choose samples of /],
    [
      'no tests',
      () => ({ data: at('x_alone.npy'), label: at('y_train.npy') }),
      /no test data can be split off it: name some with --test$/,
    ],
    ['no labels', () => ({ data: at('x_alone.npy'), test: at('x_test.npy') }), /no sample has a label/],
    [
      'other tests',
      () => ({ data: at('x_train.npy'), test: at('turned/x_test.npy') }),
      /the samples of .* are 12 numbers and those of .* 5 × 4 × 3 bytes/,
    ],
    ['--size', () => ({ data: at('x_train.npy'), size: [3, 3] }), /^--size isn't for /],
  ])('refuse %s in a sentence', async (_, options, sentence) => {
    await expect(loaded(options(), 100)).rejects.toThrow(sentence);
  });
});

describe('train on a stream', () => {
  beforeEach(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));
  afterEach(() => vi.restoreAllMocks());

  /** Runs the command in this process, with a bound that makes streams of these data. */
  async function trained(out: string, more: string[] = [], { stopAt = '', streamFrom = 100 } = {}) {
    const { progress, lines } = listening();
    const controller = new AbortController();
    const start: typeof progress.start = (...given) => {
      const bar = progress.start(...given);
      const note = (text: string) => {
        if (stopAt && text.includes(stopAt)) controller.abort();
      };
      return { ...bar, note };
    };
    const command = new Command().exitOverride();
    trainCommand(command, { progress: { ...progress, start }, controller, streamFrom });
    const options = ['--hidden', '8', '--epochs', '12', '--threads', '2', '--batch', '20'];
    const words = ['train', '--data', at('x_train.npy'), ...options, '--out', at(out), ...more];
    await command.parseAsync(words, { from: 'user' });
    const report = JSON.parse(await readFile(join(at(out), 'report.json'), 'utf8'));
    return { report, lines };
  }

  it('learns from numbers that it standardizes', async () => {
    const { report, lines } = await trained('learned');
    expect(report.model.testErrors).toBe(0);
    expect(report.testSize).toBe(60);
    expect(report.data.samples).toEqual({ train: SAMPLES, test: 60 });
    expect(lines.join('\n')).toContain('in windows of 600 samples');
    // Of a single shard in one window the order is that of data in memory, and all of it is what numbers are scaled by.
    const inMemory = await trained('in-memory', [], { streamFrom: 10 * LARGE });
    expect(report.model.weightsSha256).toBe(inMemory.report.model.weightsSha256);
    expect(inMemory.lines.join('\n')).not.toContain('in windows');
  });

  it('is continued to the same weights', async () => {
    const whole = await trained('whole');
    await expect(trained('parts', [], { stopAt: 'epoch 5' })).rejects.toMatchObject({ code: 'aborted' });
    const { report } = await trained('parts', ['--resume']);
    expect(report.model.weightsSha256).toBe(whole.report.model.weightsSha256);
  });
});

describe('a file that is larger than 2 GiB', () => {
  const many = 2100;

  beforeAll(async () => {
    await mkdir(at('huge'));
    // All zeros, of which the file system keeps none.
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${many}, 1024, 1024), }`;
    await writeFile(at('huge/x_train.npy'), `\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`, 'latin1');
    await truncate(at('huge/x_train.npy'), 128 + many * 2 ** 20);
    await writeFile(at('huge/y_train.npy'), encodeNpy(labels(many)));
    const two = { shape: [2, 1024, 1024], data: new Uint8Array(2 ** 21) };
    await writeFile(at('huge/x_test.npy'), encodeNpy(two));
    await writeFile(at('huge/y_test.npy'), encodeNpy(labels(2)));
  });

  it('is for train', async () => {
    const { code, stderr } = await cli('train', '--data', at('huge'), '--dry-run');
    expect(stderr).toContain('samples: 2,100 to learn from, 2 to test on; 1024 × 1024 pixels, gray');
    expect(stderr).toContain('in each epoch in windows of 128 samples');
    expect(code).toBe(0);
  });

  it('is too large for distill', async () => {
    const { code, stderr } = await cli('distill', '--data', at('huge'), '--dry-run');
    expect(stderr).toMatch(/is larger than 2 GiB, and distill keeps what teachers say of all samples/);
    expect(code).toBe(1);
  });
});
