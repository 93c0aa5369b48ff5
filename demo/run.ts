import { DistillError, decodeModel, type Engine, evaluate, type TrainedModel } from 'wasm-distill';
import { decodeCheckpoint } from 'wasm-distill/formats';
import {
  type Epoch,
  type JobListener,
  outputsOf,
  Runner,
  type Trained,
  type TrainJob,
} from 'wasm-distill/jobs';
import { Sets } from '../cli/training/sets.ts';
import { epochsBefore, epochsInAll, jobsOf } from './jobs.ts';
import type { Point, Saved } from './saved.ts';
import { type Mnist, referencesIn } from './sets.ts';
import type { Settings } from './settings.ts';

export type Stage = 'teachers' | 'soft targets' | 'students';

/** What is told of a run while it lasts. */
export interface Listener {
  stage(stage: Stage): void;
  /** Samples done, of one of the stage's jobs, and to do: where a network learns by several, by all of them. */
  progress(job: string, samples: number, totalSamples: number): void;
  /** A network after an epoch: its weights, and how it does on the test images. */
  learned(name: string, model: TrainedModel, points: Point[], confusion: number[][]): void;
  /** All teachers' averaged probabilities on the test images. */
  taught(errors: number, confusion: number[][]): void;
}

export interface Run {
  settings: Settings;
  mnist: Mnist;
  saved: Saved;
  listener: Listener;
}

/**
 * The whole distillation, from wherever `saved` has it: teachers, their soft targets, both students beside each other.
 * A stop saves what every network needs to go on. The weights follow from the settings alone, however often it was
 * stopped.
 * @throws DistillError 'aborted' when stopped, and whatever training throws.
 */
export async function runDistillation(
  engine: Engine,
  run: Run,
  signal?: AbortSignal,
): Promise<{ hard: TrainedModel; distilled: TrainedModel }> {
  const { settings, mnist, listener } = run;
  const sets = new Sets();
  const jobs = jobsOf(settings, await referencesIn(sets, settings, mnist));
  const runner = runnerOn(engine, run, sets, signal);
  listener.stage('teachers');
  const teachers = await learn(runner, run, sets, jobs.teachers);
  listener.stage('soft targets');
  const onProgress = ({ samples, totalSamples }: { samples: number; totalSamples: number }) =>
    listener.progress('test', samples, totalSamples);
  const models = teachers.map(({ model }) => model);
  const ensemble = await evaluate(engine, models, mnist.test, { signal, onProgress });
  listener.taught(ensemble.errors, ensemble.confusion);
  await runner.run(outputsOf(jobs.distilled));
  listener.stage('students');
  const students = [[jobs.hard], [...(jobs.hints ? [jobs.hints] : []), jobs.distilled]];
  // Beside each other however many threads there are, as their curves are to be; on one they take turns by epoch.
  const teams = engine.divide(students.length);
  const [hard, distilled] = await allOrFirstFailure(
    students.map(async (stages, i) => {
      const trained = await learn(runnerOn(teams[i % teams.length]!, run, sets, signal), run, sets, stages);
      return trained.at(-1)!.model;
    }),
  );
  return { hard: hard!, distilled: distilled! };
}

/** The networks of a saved run as they were when it was left. @throws DistillError for one that can't go on. */
export async function tellSaved(engine: Engine, run: Run): Promise<void> {
  const { settings, mnist, saved, listener } = run;
  const sets = new Sets();
  const { teachers, hard, hints, distilled } = jobsOf(settings, await referencesIn(sets, settings, mnist));
  const runner = runnerOn(engine, run, sets);
  for (const job of [...teachers, hard, ...(hints ? [hints] : []), distilled]) {
    const learned = saved.learned(job.title);
    if (learned)
      listener.learned(
        job.title,
        await leftBy(job, await runner.key(job), saved),
        learned.points,
        learned.confusion,
      );
  }
}

/** A network as its training has left it, finished or not. */
async function leftBy(
  { title, architecture }: TrainJob,
  key: string,
  { artifacts }: Saved,
): Promise<TrainedModel> {
  const name = `the saved ${title}`;
  const model = await artifacts.read(key, 'model');
  if (model) return decodeModel(model, name).model;
  const checkpoint = await artifacts.read(key, 'checkpoint');
  if (checkpoint) return { architecture, weights: decodeCheckpoint(checkpoint, key, name).tensors };
  throw new DistillError('mismatch', `${name} was trained by another version of this page`);
}

function runnerOn(engine: Engine, run: Run, sets: Sets, signal?: AbortSignal): Runner {
  const { artifacts } = run.saved;
  return new Runner(engine, {
    ...{ artifacts, listener: toldBy(run), signal },
    data: async (reference) => sets.data(reference),
  });
}

/** What a runner tells, as the page takes it. */
function toldBy(run: Run): Partial<JobListener> {
  const { listener } = run;
  const totals = new Map<string, number>();
  const begun = (title: string, total: number, done: number) => {
    totals.set(title, total);
    listener.progress(title, done, total);
  };
  const came = (title: string, samples: number) => listener.progress(title, samples, totals.get(title)!);
  return {
    started: (job, total, done) => begun(job.title, (total * epochsInAll(job)) / job.epochs, done),
    progressed: ({ title }, samples) => came(title, samples),
    asking: ({ title }, total) => begun(title, total, 0),
    asked: ({ title }, samples) => came(title, samples),
    learned: (job, history, model, tested) => show(run, job, model, history, tested!.confusion),
  };
}

/** Trains what isn't finished. What is counts as done from the start. */
async function learn(runner: Runner, run: Run, sets: Sets, jobs: readonly TrainJob[]): Promise<Trained[]> {
  const { listener, saved, mnist } = run;
  const missing = await runner.missing(jobs);
  for (const job of jobs) {
    if (missing.has(await runner.key(job))) continue;
    const { size } = sets.data(job.data);
    listener.progress(job.title, job.epochs * size, epochsInAll(job) * size);
  }
  const trained = await runner.train(jobs);
  for (const { job, model, history } of trained) {
    // A page closed after the last epoch, but before that was tested, has told of all others.
    if (saved.learned(job.title)?.points.length === history.length) continue;
    const { confusion } = await evaluate(runner.engine, model, mnist.test);
    show(run, job, model, history, confusion);
  }
  return trained;
}

function show(
  { saved, listener }: Run,
  job: TrainJob,
  model: TrainedModel,
  history: readonly Epoch[],
  confusion: number[][],
): void {
  const before = epochsBefore(job);
  const points = history.map(({ epoch, loss, testErrors }) => ({
    ...{ epoch: before + epoch, loss, errors: testErrors! },
  }));
  saved.setLearned(job.title, { points, confusion });
  listener.learned(job.title, model, points, confusion);
}

/** Ends when all have ended, so that a stopped run has saved everything. */
async function allOrFirstFailure<T>(jobs: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(jobs);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
