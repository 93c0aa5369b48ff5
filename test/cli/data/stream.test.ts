import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEngine,
  distillation,
  encodeModel,
  mlp,
  softTargets,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import {
  loadStream,
  type SampleStream,
  split,
  standardize,
  streamImages,
  streamNpy,
  streamParquet,
} from 'wasm-distill/data';
import { decodeSoftTargets, encodeNpy } from 'wasm-distill/formats';
import { distillCommand } from '../../../cli/commands/distill.ts';
import { evaluateCommand } from '../../../cli/commands/evaluate.ts';
import { predictCommand } from '../../../cli/commands/predict.ts';
import { softenCommand } from '../../../cli/commands/soften.ts';
import { trainCommand } from '../../../cli/commands/train.ts';
import type { DataOptions } from '../../../cli/data/ask.ts';
import { loadData, loadUnlabeled } from '../../../cli/data/load.ts';
import { inMemory } from '../../../cli/data/stream.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { huggingFaceFile } from '../../support/parquet.ts';
import { encodePng } from '../../support/png.ts';
import { listeningContext } from './said.ts';

/** Bytes of the training data: any less makes a stream of them. */
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

/** A picture of one of three classes, i mod 3: bright on the left, in the middle or on the right. */
const picture = (i: number) =>
  encodePng(
    4,
    6,
    Array.from(
      { length: 24 },
      (_, p) => (Math.floor((p % 6) / 2) === i % 3 ? 150 : 0) + ((i * 31 + p * 7) % 90),
    ),
  );

/** In row groups of 50. */
const pictures = (numbers: readonly number[]) =>
  huggingFaceFile(
    numbers.map(picture),
    numbers.map((i) => i % 3),
    ['ant', 'bee', 'cat'],
    { rowGroupSize: 50 },
  );

const numbers = (count: number) => {
  const all = Array.from({ length: count }, (_, i) => i);
  const columnData = [
    { name: 'size', data: all.map((i) => 100 + (i % 3) * 10 + (i % 7)), type: 'DOUBLE' as const },
    { name: 'noise', data: all.map((i) => (i * 7) % 11), type: 'DOUBLE' as const },
    { name: 'note', data: all.map((i) => `row ${i}`), type: 'STRING' as const },
    { name: 'species', data: all.map((i) => 'abc'[i % 3]!), type: 'STRING' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 60 }));
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(at('x_train.npy'), encodeNpy(rows(SAMPLES)));
  await writeFile(at('y_train.npy'), encodeNpy(labels(SAMPLES)));
  await writeFile(at('x_test.npy'), encodeNpy(rows(60)));
  await writeFile(at('y_test.npy'), encodeNpy(labels(60)));
  await writeFile(at('x_alone.npy'), encodeNpy(rows(SAMPLES)));
  await writeFile(at('packed_x.npy.gz'), gzipSync(encodeNpy(rows(SAMPLES))));
  await writeFile(at('packed_y.npy.gz'), gzipSync(encodeNpy(labels(SAMPLES))));
  await mkdir(at('photos'));
  for (const [i, name] of ['ant', 'bee', 'cat'].entries()) {
    await mkdir(at(`photos/${name}`));
    for (let k = 0; k < 120; k++) await writeFile(at(`photos/${name}/${k}.png`), picture(3 * k + i));
  }
  const all = Array.from({ length: 360 }, (_, i) => i);
  await writeFile(at('train.parquet'), pictures(all));
  await writeFile(at('test.parquet'), pictures(all.slice(0, 60)));
  await writeFile(at('numbers.parquet'), numbers(400));
  await mkdir(at('turned'));
  const colors = { shape: [20, 3, 5, 4], data: new Uint8Array(20 * 60).fill(7) };
  for (const part of ['train', 'val', 'test']) {
    await writeFile(at(`turned/x_${part}.npy`), encodeNpy(colors));
    await writeFile(at(`turned/y_${part}.npy`), encodeNpy(labels(20)));
  }
});

async function loaded(options: DataOptions, most: number) {
  const { context, lines } = listeningContext(most);
  return { ...(await loadData(options, context)), said: lines.join('\n') };
}

/** What is loaded in memory and by a stream, the latter as a data set too. */
async function bothWays(options: DataOptions, most = 1000) {
  const streamed = await loaded(options, most);
  expect(streamed.train).toHaveProperty('read');
  const stream = streamed.train as SampleStream;
  const resident = await loaded(options, 2 ** 30);
  return {
    streamed,
    stream,
    all: await loadStream(stream),
    resident: inMemory(resident.train),
    facts: resident.facts,
  };
}

describe('training data that are larger than a bound', () => {
  it('go by a stream, and others are in memory', async () => {
    const data = at('x_train.npy');
    const large = await loaded({ data }, LARGE - 1);
    expect(large.train).toMatchObject({ size: SAMPLES, classes: 3, values: 'floats', shape: [12] });
    expect(large.train).toHaveProperty('read');
    expect(large.test.size).toBe(60);
    const small = await loaded({ data }, 2 * LARGE);
    expect(small.train).not.toHaveProperty('read');
    const { notes, ...facts } = large.facts;
    expect(small.facts).toMatchObject(facts);
    expect(notes).toEqual([
      ...small.facts.notes,
      `${data} isn't kept in memory: it is read in windows of 128 MiB`,
    ]);
    expect(large.said).toContain(`data: npy arrays ${data}, tests ${at('x_test.npy')}`);
  });

  it('are Parquet files of images', async () => {
    const { stream, all, resident, streamed, facts } = await bothWays({ data: at('train.parquet') });
    expect(stream.shards).toEqual([50, 50, 50, 50, 50, 50, 50, 10]);
    expect(all).toEqual({ ...resident, reading: undefined });
    expect(streamed.images).toEqual({ size: [4, 6] });
    expect({ ...streamed.facts, notes: [] }).toEqual({ ...facts, notes: [] });
    expect(streamed.test.size).toBe(60);
  });

  it('are Parquet files of numbers, with what is said of their columns', async () => {
    const { stream, all, resident, streamed, facts } = await bothWays({
      data: at('numbers.parquet'),
      input: 'size,noise',
    });
    expect(stream.values).toBe('floats');
    expect(all).toEqual({ ...resident, reading: undefined });
    expect(streamed.table).toEqual({
      label: 'species',
      inputs: ['size', 'noise'],
      classNames: ['a', 'b', 'c'],
    });
    expect(streamed.facts.notes.slice(0, -1)).toEqual(facts.notes);
    expect(facts.notes[0]).toBe('1 column not used: note');
    // Means of all rows are known once all have been read.
    const filled = await loaded({ data: at('numbers.parquet'), input: 'size', missing: 'mean' }, 1000);
    expect(filled.train).not.toHaveProperty('read');
  });

  it('are folders of images, dealt out to shards', async () => {
    const { stream, all, resident } = await bothWays({ data: at('photos') }, 3000);
    expect([stream.size, resident.size]).toEqual([288, 288]);
    expect(stream.shards.length).toBeGreaterThan(1);
    const perClass = ({ labels }: { labels: Int32Array }) =>
      [0, 1, 2].map((c) => labels.filter((l) => l === c).length);
    expect(perClass(all)).toEqual(perClass(resident));
    // In the order of their paths where their labels aren't asked for.
    const pathsIn = (most: number) => loadUnlabeled(at('photos'), {}, listeningContext(most).context, {});
    const [streamed, paths] = [await pathsIn(1000), await pathsIn(2 ** 30)];
    const inOrder = await loadStream(streamed.data as SampleStream);
    expect([inOrder.inputs, streamed.names]).toEqual([inMemory(paths.data).inputs, paths.names]);
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

  it('have parts split off that are those of the same samples in memory', async () => {
    const options = { data: at('x_alone.npy'), label: at('y_train.npy'), val: 0.1, limit: 400 };
    const [streamed, resident] = [await loaded(options, 10_000), await loaded(options, 2 ** 30)];
    expect(streamed.train).toHaveProperty('read');
    expect(streamed.test).toEqual(resident.test);
    expect(streamed.validation).toEqual(resident.validation);
    expect([streamed.test.size, streamed.validation!.size, streamed.train.size]).toEqual([120, 40, 360]);
    expect(await loadStream(streamed.train as SampleStream)).toEqual(resident.train);
    const few = await loaded({ ...options, limit: 100 }, 10_000);
    expect(few.train).not.toHaveProperty('read');
    expect(few.said).not.toContain('in windows');
  });

  it.each<[string, () => DataOptions, RegExp]>([
    [
      'parts that are too large',
      () => ({ data: at('x_alone.npy'), label: at('y_train.npy'), val: 0.5 }),
      /^the samples of .*x_alone\.npy that errors are to be counted on take 1 MiB, more than is kept in memory: name test data with --test, or give a smaller --val$/,
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

describe('commands on streams', () => {
  let printed: string;
  beforeEach(() => {
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  /** Runs a command in this process, with a bound that makes streams of these data. */
  async function run(command: typeof trainCommand, words: string[], { stopAt = '', streamFrom = 100 } = {}) {
    const { context, lines } = listeningContext(streamFrom);
    const { progress, controller } = context;
    const bars: string[] = [];
    const start: typeof progress.start = (...given) => {
      const bar = progress.start(...given);
      const note = (text: string) => {
        if (stopAt && text.includes(stopAt)) controller.abort();
      };
      return { ...bar, note, done: (text) => void bars.push(`${given[0]}: ${text}`) };
    };
    const program = new Command().exitOverride();
    command(program, { ...context, progress: { ...progress, start } });
    await program.parseAsync(words, { from: 'user' });
    return { lines, bars };
  }

  async function reported(command: typeof trainCommand, out: string, words: string[], how = {}) {
    const ran = await run(command, [...words, '--out', at(out), '--threads', '2'], how);
    return { ...ran, report: JSON.parse(await readFile(join(at(out), 'report.json'), 'utf8')) };
  }

  const trained = (out: string, more: string[] = [], how = {}) =>
    reported(
      trainCommand,
      out,
      ['train', '--data', at('x_train.npy'), '--hidden', '8', '--epochs', '12', '--batch', '20', ...more],
      how,
    );

  it('train learns from numbers that it standardizes', async () => {
    const { report, lines, bars } = await trained('learned');
    expect(report.model.testErrors).toBe(0);
    expect(report.testSize).toBe(60);
    expect(report.data.samples).toEqual({ train: SAMPLES, test: 60 });
    expect(lines.join('\n')).toContain('in windows of 128 MiB');
    expect(bars.slice(0, 2)).toEqual([
      'reading some samples: 600 samples',
      'reading all data once: 600 samples',
    ]);
    // Of a single shard in one window the order is that of data in memory, and all of it is what numbers are scaled by.
    const inMemory = await trained('in-memory', [], { streamFrom: 10 * LARGE });
    expect(report.model.weightsSha256).toBe(inMemory.report.model.weightsSha256);
    expect(inMemory.lines.join('\n')).not.toContain('in windows');
    expect(inMemory.bars.join()).not.toContain('reading');
  });

  it('train is continued to the same weights', async () => {
    const whole = await trained('whole');
    await expect(trained('parts', [], { stopAt: 'epoch 5' })).rejects.toMatchObject({ code: 'aborted' });
    const { report } = await trained('parts', ['--resume']);
    expect(report.model.weightsSha256).toBe(whole.report.model.weightsSha256);
  });

  it('train learns from Parquet and folders what the library learns from their streams', async () => {
    await using engine = await createEngine({ threads: 2 });
    const architecture = mlp([24, 8, 3]);
    const settings = ['--hidden', '8', '--epochs', '4', '--batch', '20'];
    for (const [name, stream] of [
      ['train.parquet', await streamParquet(at('train.parquet'))],
      ['photos', split(await streamImages(at('photos')), 0.2, 1).rest],
    ] as const) {
      const words = ['train', '--data', at(name), ...settings];
      const { report } = await reported(trainCommand, `of-${name}`, words, { streamFrom: 3000 });
      const options = { architecture, data: stream, epochs: 4, seed: 1, batch: 20 };
      expect(report.model.weightsSha256).toBe(await weightsSha256(await train(engine, options)));
      expect(report.model.testErrors).toBe(0);
    }
  });

  /** A teacher of rows, in a file. */
  async function teacher(): Promise<TrainedModel> {
    await using engine = await createEngine({ threads: 2 });
    const data = await streamNpy(at('x_train.npy'), { labelsFrom: at('y_train.npy') });
    const architecture = standardize(mlp([12, 8, 3]), (await loadStream(data)).inputs);
    const model = await train(engine, { architecture, data, epochs: 6, seed: 7 });
    await writeFile(at('teacher.safetensors'), encodeModel(model));
    return model;
  }

  const distilling = (data: string) => ['distill', '--data', at(data), '--student', '8', '--batch', '20'];

  it('distill teaches what the library teaches with soft targets of the same stream', async () => {
    const model = await teacher();
    const words = [...distilling('x_train.npy'), '--teacher', at('teacher.safetensors'), '--epochs', '3'];
    const { report, bars } = await reported(distillCommand, 'distilled', [...words, '--temperature', '4']);
    expect(bars.filter((bar) => bar.startsWith('reading all'))).toEqual([
      'reading all data once: 600 samples',
    ]);
    await using engine = await createEngine({ threads: 2 });
    const data = await streamNpy(at('x_train.npy'), { labelsFrom: at('y_train.npy') });
    const soft = await softTargets(engine, [model], data, { temperature: 4 });
    const architecture = standardize(mlp([12, 8, 3]), (await loadStream(data)).inputs);
    const objective = distillation({ soft, temperature: 4, alpha: 0.1 });
    const student = await train(engine, { architecture, objective, data, epochs: 3, seed: 1, batch: 20 });
    expect(report.student.distilled.weightsSha256).toBe(await weightsSha256(student));
    expect(report.student.distilled.testErrors).toBeLessThan(10);
  });

  it('distill trains teachers on a stream, and students on a part of it or on more', async () => {
    const few = ['--teachers', '2', '--teacher', '10', '--epochs', '3', '--teacher-epochs', '3'];
    const words = [...distilling('train.parquet'), ...few, '--jitter', '1'];
    const part = await reported(distillCommand, 'part', [...words, '--transfer', '50%']);
    const saw = part.report.saw.map(({ samples }: { samples: number }) => samples);
    expect(saw).toEqual([360, 180, 180]);
    expect(part.report.ensemble.testErrors).toBeLessThan(10);
    const more = await reported(distillCommand, 'more', [...words, '--transfer', at('photos')]);
    expect(more.report.saw.map(({ samples }: { samples: number }) => samples)).toEqual([360, 360, 720]);
    expect(more.report.saw[2].labeled).toBe(360);
    // Small parts of what is large come into memory.
    const kept = await reported(distillCommand, 'kept', [...words, '--transfer', '5%'], { streamFrom: 2000 });
    expect(kept.bars).toContain('reading transfer set: 18 samples');
  });

  it('soften, evaluate and predict answer what they answer of data in memory', async () => {
    await teacher();
    const model = at('teacher.safetensors');
    const soft: (string | Float32Array)[] = [];
    const texts: string[] = [];
    for (const streamFrom of [100, 2 ** 30]) {
      const file = at(`soft-${streamFrom}.safetensors`);
      await run(
        softenCommand,
        ['soften', model, '--data', at('x_train.npy'), '--temperature', '3', '--out', file],
        { streamFrom },
      );
      const { probabilities, transferSet } = decodeSoftTargets(new Uint8Array(await readFile(file)), file);
      soft.push(probabilities, transferSet);
      printed = '';
      await run(evaluateCommand, ['evaluate', model, '--test', at('x_train.npy'), '--threads', '2'], {
        streamFrom,
      });
      const rows = at(`rows-${streamFrom}.csv`);
      const words = ['predict', model, at('x_train.npy'), '--limit', '7', '--out', rows, '--threads', '2'];
      await run(predictCommand, words, { streamFrom });
      texts.push(printed, await readFile(rows, 'utf8'));
    }
    expect(soft[0]).toEqual(soft[2]);
    expect(soft[1]).not.toBe(soft[3]);
    expect(texts.slice(0, 2)).toEqual(texts.slice(2));
    expect(texts[1]!.trim().split('\n')).toHaveLength(8);
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

  it.each(['train', 'distill'])('is for %s', async (command) => {
    const { code, stderr } = await cli(command, '--data', at('huge'), '--dry-run');
    expect(stderr).toContain('samples: 2,100 to learn from, 2 to test on; 1024 × 1024 pixels, gray');
    expect(stderr).toContain('it is read in windows of 128 MiB');
    expect(code).toBe(0);
  });
});
