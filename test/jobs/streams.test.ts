import { describe, expect, it } from 'vitest';
import {
  distillation,
  evaluate,
  mlp,
  select,
  softTargets,
  type TrainOptions,
  train,
  weightsSha256,
} from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import { dataSha256, memoryArtifacts, Runner, type RunnerOptions, type TrainJob } from 'wasm-distill/jobs';
import { logits, logitsOf } from 'wasm-distill/objectives';
import { streamOf } from '../support/streams.ts';
import { setting, writing } from './jobs.ts';

/** Of 333 samples. */
const SHARDS = [100, 33, 150, 50];

const stream = (shards = SHARDS) => streamOf(setting.train, shards);

/** A training on the stream's labels. */
async function job(data: SampleStream = stream()): Promise<TrainJob> {
  return { ...setting.teacher, data: { name: 'stream', sha256: await dataSha256(data) }, window: 100 };
}

function runner(data: SampleStream, { artifacts = memoryArtifacts(), ...more }: Partial<RunnerOptions> = {}) {
  return new Runner(setting.engine, {
    artifacts,
    data: async ({ sha256 }) => (sha256 === setting.tested.sha256 ? setting.test : data),
    ...more,
  });
}

const student = () => mlp([144, 13, 10]);

/** Those of the jobs, as train() takes them. */
function options(data: SampleStream): TrainOptions {
  const { epochs, seed, batch } = setting.teacher;
  return { architecture: student(), epochs, seed, batch, data, window: 100 };
}

describe('the hash of a stream', () => {
  it('is the same each time, and reads each shard once', async () => {
    const one = stream();
    expect(await dataSha256(one)).toBe(await dataSha256(stream()));
    expect(one.reads).toEqual([0, 1, 2, 3]);
  });

  it('tells samples, labels, shards and names from others, and from the same in memory', async () => {
    const { labels } = setting.train;
    const turned = select(
      setting.train,
      Array.from({ length: 333 }, (_, i) => 332 - i),
    );
    const others: SampleStream[] = [
      stream(),
      stream([133, 150, 50]),
      { ...stream(), labels: labels.map((label, i) => (i === 7 ? (label + 1) % 10 : label)) },
      { ...stream(), classNames: Array.from('abcdefghij') },
      streamOf({ ...turned, labels }, SHARDS),
    ];
    const hashes = await Promise.all([...others, setting.train].map((one) => dataSha256(one)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is remembered as long as the stream, and tells how far it is', async () => {
    const one = stream();
    const told: string[] = [];
    const onProgress = ({ samples, totalSamples }: { samples: number; totalSamples: number }) =>
      void told.push(`${samples} of ${totalSamples}`);
    const hash = await dataSha256(one, { onProgress });
    expect(told).toEqual(['100 of 333', '133 of 333', '283 of 333', '333 of 333']);
    expect(await dataSha256(one)).toBe(hash);
    expect(one.reads).toEqual([0, 1, 2, 3]);
    const signal = AbortSignal.abort();
    await expect(dataSha256(stream(), { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is none of shards that are something else', async () => {
    const short = { ...stream(), read: async () => new Uint8Array(3) };
    await expect(dataSha256(short)).rejects.toMatchObject({ code: 'bad-file' });
  });
});

describe('a training on a stream', () => {
  it('learns what train() learns in the same windows', async () => {
    const { architecture, epochs, seed, batch } = setting.teacher;
    const options = { architecture, epochs, seed, data: stream(), window: 100, ...(batch && { batch }) };
    const expected = await train(setting.engine, options);
    const [trained] = await runner(stream()).train([await job()]);
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(expected));
  });

  it('goes on from its checkpoint to the same weights', async () => {
    const [whole] = await runner(stream()).train([await job()]);
    const artifacts = memoryArtifacts();
    const controller = new AbortController();
    const listener = { learned: () => controller.abort() };
    const stopped = runner(stream(), { artifacts, listener, signal: controller.signal });
    await expect(stopped.train([await job()])).rejects.toMatchObject({ code: 'aborted' });
    const { listener: writer, told } = writing();
    const [resumed] = await runner(stream(), { artifacts, listener: writer }).train([await job()]);
    expect(told[0]).toMatch(/^teacher started, [1-9]\d* of 999$/);
    expect(await weightsSha256(resumed!.model)).toBe(await weightsSha256(whole!.model));
  });

  it('has another key in other windows', async () => {
    const keys = await Promise.all(
      [100, 150].map(async (window) => runner(stream()).key({ ...(await job()), window })),
    );
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('learns from teachers what train() learns from their soft targets', async () => {
    const [data, teacher] = [stream(), await job()];
    const learns = runner(data);
    const lesson = { kind: 'distillation', teachers: [teacher], temperature: 4 } as const;
    const { title: _, ...rest } = teacher;
    const [trained] = await learns.train([{ ...rest, title: 'student', lesson, architecture: student() }]);
    const { engine } = setting;
    const { model } = await learns.trained(teacher);
    const soft = await softTargets(engine, [model], data, { temperature: 4 });
    const expected = await train(engine, {
      ...options(data),
      objective: distillation({ soft, temperature: 4 }),
    });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(expected));
  });

  it('learns from teachers their logits and features, too', async () => {
    const [data, teacher] = [stream(), await job()];
    const learns = runner(data);
    const selection = { count: 13, correlation: 1 };
    const lessons: TrainJob['lesson'][] = [
      { kind: 'logits', teachers: [teacher] },
      { kind: 'features', teachers: [teacher], selection, selectedBy: 200, weight: 0.1 },
    ];
    const jobs = lessons.map((lesson) => ({
      ...teacher,
      title: lesson.kind,
      lesson,
      architecture: student(),
    }));
    const [byLogits, byFeatures] = await learns.train(jobs);
    const { engine } = setting;
    const { model } = await learns.trained(teacher);
    const told = logits({ logits: await logitsOf(engine, [model], data), classes: 10 });
    const expected = await train(engine, { ...options(data), objective: told });
    expect(await weightsSha256(byLogits!.model)).toBe(await weightsSha256(expected));
    expect(byFeatures!.testErrors).toBeLessThan(77);
  });

  it('can be what models are evaluated on', async () => {
    const data = stream();
    const teacher = await job(data);
    const { errors, size } = await runner(data).evaluated({
      ...{ kind: 'evaluate', title: 'all', models: [teacher], data: teacher.data },
    });
    const { model } = (await runner(data).train([teacher]))[0]!;
    expect({ errors, size }).toEqual({
      size: 333,
      errors: (await evaluate(setting.engine, model, setting.train)).errors,
    });
  });

  it('refuses streams to test on', async () => {
    const everywhere = new Runner(setting.engine, {
      artifacts: memoryArtifacts(),
      data: async () => stream(),
    });
    await expect(everywhere.run([await job()])).rejects.toThrow(
      /test data: what a training counts its errors on can't be a stream/,
    );
  });
});
