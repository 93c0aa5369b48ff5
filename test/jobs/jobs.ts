import { afterAll, beforeAll } from 'vitest';
import { createEngine, type Dataset, type Engine, mlp, take } from 'wasm-distill';
import {
  type Artifacts,
  type DataReference,
  dataSha256,
  type JobListener,
  memoryArtifacts,
  Runner,
  type TrainJob,
} from 'wasm-distill/jobs';
import { syntheticData } from '../support/golden.ts';

/** What a test file's jobs run on. */
export const setting = {} as {
  engine: Engine;
  train: Dataset;
  test: Dataset;
  data: DataReference;
  tested: DataReference;
  /** A short training on labels. */
  teacher: TrainJob;
  /** The same on the teacher's soft targets. */
  student: TrainJob;
};

beforeAll(async () => {
  const all = syntheticData(333);
  const [train, test] = [all, take(all, 77)];
  const data = { name: 'training data', sha256: await dataSha256(train) };
  const tested = { name: 'test data', sha256: await dataSha256(test) };
  const engine = await createEngine({ threads: 2 });
  const teacher: TrainJob = {
    kind: 'train',
    title: 'teacher',
    architecture: mlp([144, 21, 10]),
    data,
    test: tested,
    lesson: { kind: 'labels' },
    epochs: 3,
    seed: 1,
    batch: 50,
  };
  const student: TrainJob = {
    ...teacher,
    title: 'student',
    architecture: mlp([144, 13, 10]),
    lesson: { kind: 'distillation', teachers: [teacher], temperature: 4 },
  };
  Object.assign(setting, { engine, train, test, data, tested, teacher, student });
});
afterAll(() => setting.engine.close());

/** A runner of a process of its own: it knows what lies in the artifacts, and nothing else. */
export function runnerOver(
  artifacts: Artifacts = memoryArtifacts(),
  {
    listener,
    signal,
    engine = setting.engine,
  }: { listener?: Partial<JobListener>; signal?: AbortSignal; engine?: Engine } = {},
): Runner {
  const sets = new Map([
    [setting.data.sha256, setting.train],
    [setting.tested.sha256, setting.test],
  ]);
  return new Runner(engine, {
    artifacts,
    data: async ({ sha256 }) => sets.get(sha256) ?? setting.train,
    ...(listener && { listener }),
    signal,
  });
}

/** A listener that writes down what it is told. */
export function writing(): { listener: JobListener; told: string[] } {
  const told: string[] = [];
  const listener: JobListener = {
    started: ({ title }, total, done) => void told.push(`${title} started, ${done} of ${total}`),
    progressed: () => {},
    learned: ({ title }, history) => void told.push(`${title} learned ${history.at(-1)!.epoch}`),
    finished: ({ title }) => void told.push(`${title} finished`),
    warned: ({ title }, { kind }) => void told.push(`${title} ${kind}`),
    found: ({ job }) => void told.push(`${job.title} found`),
    asking: ({ title }, total) => void told.push(`${title} asking ${total}`),
    asked: () => {},
    answered: ({ title }) => void told.push(`${title} answered`),
  };
  return { listener, told };
}
