import {
  type Dataset,
  distillation,
  type Engine,
  evaluate,
  softTargets,
  type TrainedModel,
  type TrainingState,
  train,
} from 'wasm-distill';
import { Predictor, score } from 'wasm-distill/data';
import { decodeCheckpoint, encodeCheckpoint } from 'wasm-distill/formats';
import { sideBySide } from 'wasm-distill/jobs';
import { type Job, studentJob, teacherJobs, transferSet } from './jobs.ts';
import type { Point, Saved, SavedModel } from './saved.ts';
import type { Settings } from './settings.ts';

export type Stage = 'teachers' | 'soft targets' | 'students';

/** What is told of a run while it lasts. */
export interface Listener {
  stage(stage: Stage): void;
  /** Samples done and to do, of one of the stage's jobs. */
  progress(job: string, samples: number, totalSamples: number): void;
  /** A network after an epoch: its weights, and how it does on the test images. */
  learned(name: string, model: TrainedModel, points: Point[], confusion: number[][]): void;
  /** All teachers' averaged probabilities on the test images. */
  taught(errors: number, confusion: number[][]): void;
}

export interface Run {
  settings: Settings;
  mnist: { train: Dataset; test: Dataset };
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
  listener.stage('teachers');
  const teachers = await sideBySide(
    engine,
    teacherJobs(settings, mnist.train).map((job) => (team) => learn(team, run, job, signal)),
  );
  listener.stage('soft targets');
  const onProgress = (job: string) => (progress: { samples: number; totalSamples: number }) =>
    listener.progress(job, progress.samples, progress.totalSamples);
  const ensemble = await evaluate(engine, teachers, mnist.test, { signal, onProgress: onProgress('test') });
  listener.taught(ensemble.errors, ensemble.confusion);
  const { temperature, alpha } = settings;
  const soft = await softTargets(engine, teachers, transferSet(settings, mnist.train), {
    temperature,
    signal,
    onProgress: onProgress('soft targets'),
  });
  listener.stage('students');
  const jobs = [
    studentJob('hard', settings, mnist.train),
    studentJob('distilled', settings, mnist.train, distillation({ soft, temperature, alpha })),
  ];
  // On one thread they take turns, epoch by epoch.
  const teams = engine.divide(jobs.length);
  const [hard, distilled] = await allOrFirstFailure(
    jobs.map((job, i) => learn(teams[i % teams.length]!, run, job, signal)),
  );
  return { hard: hard!, distilled: distilled! };
}

/** The networks of a saved run as they were when it was left. */
export function tellSaved({ settings, mnist, saved, listener }: Run): void {
  // What a student learns from plays no part in this.
  const students = (['hard', 'distilled'] as const).map((name) => studentJob(name, settings, mnist.train));
  for (const job of [...teacherJobs(settings, mnist.train), ...students]) {
    const there = saved.model(job.name);
    if (!there) continue;
    const { tensors } = stateOf(there, settings, job);
    if (there.confusion) listener.learned(job.name, modelOf(job, tensors), there.points, there.confusion);
  }
}

/** Trains a network from where it was saved, counting its test errors and saving it after each epoch. */
async function learn(engine: Engine, run: Run, job: Job, signal?: AbortSignal): Promise<TrainedModel> {
  const { settings, mnist, saved, listener } = run;
  const { name, options } = job;
  const before = saved.model(name);
  const resume = before && stateOf(before, settings, job);
  const total = options.epochs * options.data.size;
  listener.progress(name, (resume?.history.length ?? 0) * options.data.size, total);
  if (resume?.history.length === options.epochs) return modelOf(job, resume.tensors);

  const points = before?.points.slice() ?? [];
  let confusion = before?.confusion;
  const predictor = await Predictor.create(engine, [options.architecture], mnist.test);
  try {
    return await train(engine, options, {
      signal,
      resume,
      onProgress: ({ samples, totalSamples }) => listener.progress(name, samples, totalSamples),
      onCheckpoint: async (state) => {
        const epoch = state.history.at(-1);
        if (epoch && points.length < state.history.length) {
          const model = modelOf(job, state.tensors);
          const tested = score(await predictor.predict([model]), mnist.test);
          points.push({ ...epoch, errors: tested.errors });
          confusion = tested.confusion;
          listener.learned(name, model, points, confusion);
        }
        const checkpoint = encodeCheckpoint(state, fingerprint(settings, job));
        await saved.setModel(name, { checkpoint, points, confusion });
      },
    });
  } finally {
    await predictor.close();
  }
}

function stateOf({ checkpoint }: SavedModel, settings: Settings, job: Job): TrainingState {
  return decodeCheckpoint(checkpoint, fingerprint(settings, job), `the saved ${job.name}`);
}

function modelOf({ options }: Job, weights: TrainingState['tensors']): TrainedModel {
  return { architecture: options.architecture, weights };
}

/** The job beside its settings: a visitor's run may have been saved by an earlier version of the page. */
function fingerprint(settings: Settings, { name, options }: Job): string {
  const { architecture, epochs, seed, augment } = options;
  return JSON.stringify({ name, settings, architecture, epochs, seed, augment });
}

/** Ends when all have ended, so that a stopped run has saved everything. */
async function allOrFirstFailure<T>(jobs: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(jobs);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
