import type { Engine } from '../backends/backend.js';
import { checkWhole } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData } from '../data/stream.js';
import { DistillError } from '../errors.js';
import { type Evaluation, score } from '../evaluate/evaluate.js';
import { Predictor } from '../evaluate/predictor.js';
import { decodeSafetensors } from '../formats/safetensors.js';
import { decodeModel, encodeModel, type TrainedModel } from '../nn/model-file.js';
import { decodeCheckpoint, encodeCheckpoint } from '../train/checkpoint.js';
import type { TrainingWarning } from '../train/health.js';
import type { TrainOptions } from '../train/options.js';
import { type TrainedEpoch, trainEpochs } from '../train/train.js';
import type { TrainingState } from '../train/trainer.js';
import type { Artifacts } from './artifacts.js';
import { backendsEntry, backendsIn } from './backends.js';
import { type Epoch, type Point, readEpochs, readHistory } from './history.js';
import type { Ingredients } from './key.js';
import { type SilentLayer, silentEntry, silentIn } from './silent.js';
import type { TrainJob } from './spec.js';

/** A finished training. */
export interface Trained {
  readonly job: TrainJob;
  readonly model: TrainedModel;
  readonly history: readonly Point[];
  /** Of the model, on the job's test data: the last point's. */
  readonly testErrors: number;
  /** The backends that it, and what it learned from, ran on, the first first: more than one if it was taken over. */
  readonly backends: readonly string[];
  /** The epoch whose weights these are, where not the last one's are kept. */
  readonly kept?: number;
  /** Where it has died or collapsed: it has learned hardly more than how frequent the classes are. */
  readonly collapsed?: true;
  /** Where `warned` told, early in the training, that most units of a layer answer 0 to everything. */
  readonly silent?: SilentLayer;
}

/** Callbacks that report on a running training. */
export interface TrainListener {
  /** `total`: samples to be seen; `done`: those seen before an interruption. */
  started(job: TrainJob, total: number, done: number): void;
  progressed(job: TrainJob, samples: number): void;
  /**
   * Called with the losses and test errors so far, the model after the latest epoch, and how it does on the test data;
   * with validation data these aren't looked at yet.
   */
  learned(job: TrainJob, history: readonly Point[], model: TrainedModel, tested?: Evaluation): void;
  finished(job: TrainJob, history: readonly Point[]): void;
  /** A training goes wrong without failing. */
  warned(job: TrainJob, warning: TrainingWarning): void;
}

export interface TrainTask {
  readonly job: TrainJob;
  readonly key: string;
  readonly ingredients: Ingredients;
  /** The hash of the job that is the same on all backends. */
  readonly work: string;
  /** The backends on which what it needs was trained. */
  readonly taughtOn: readonly string[];
  readonly options: TrainOptions;
  readonly test: Dataset;
  readonly artifacts: Artifacts;
  readonly listener: TrainListener;
  readonly signal: AbortSignal | undefined;
}

/** Points on a learning curve, approximately. */
const POINTS = 50;

/** Trains a model, from its checkpoint if there is one, counts its test errors along the way, and stores it. */
export async function runTrainJob(engine: Engine, task: TrainTask): Promise<Trained> {
  const { job, key, artifacts } = task;
  try {
    const trained = await train(engine, task);
    const metadata = {
      fingerprint: key,
      ...originOf(task, trained.backends),
      history: JSON.stringify(trained.history),
      ...(trained.kept !== undefined && { kept: String(trained.kept) }),
      ...(trained.collapsed && { collapsed: 'true' }),
      ...silentEntry(trained.silent),
    };
    await artifacts.write(key, 'model', encodeModel(trained.model, metadata));
    await artifacts.remove(key, 'checkpoint');
    return trained;
  } catch (error) {
    throw named(job, error);
  }
}

/** What the metadata of a training's files say of where it comes from. */
function originOf({ ingredients, work }: TrainTask, backends: readonly string[]): Record<string, string> {
  return { job: JSON.stringify(ingredients), work, ...backendsEntry(backends) };
}

/** Adds the job's title to an error, unless it is an abort. */
export function named({ title }: TrainJob, error: unknown): unknown {
  if (!(error instanceof DistillError) || error.code === 'aborted') return error;
  return new DistillError(error.code, `${title}: ${error.message}`, { cause: error });
}

/** The finished model under this key, if it is stored. @throws DistillError 'bad-file' */
export async function loadTrained(
  artifacts: Artifacts,
  job: TrainJob,
  key: string,
): Promise<Trained | undefined> {
  const bytes = await artifacts.read(key, 'model');
  if (!bytes) return undefined;
  const { model, metadata } = decodeModel(bytes, job.title);
  if (metadata.fingerprint !== key)
    throw new DistillError('bad-file', `${job.title}: another model is kept under its key: delete it`);
  const history = readHistory(metadata.history, job.title);
  return {
    ...{ job, model, history, testErrors: history.at(-1)!.testErrors!, backends: backendsIn(metadata) },
    ...(metadata.kept !== undefined && { kept: Number(metadata.kept) }),
    ...(metadata.collapsed === 'true' && { collapsed: true as const }),
    ...silentIn(metadata),
  };
}

async function train(engine: Engine, task: TrainTask): Promise<Trained> {
  const { job, key, options, test, artifacts, listener, signal } = task;
  const tester = testerOf(engine, options, test, signal);
  try {
    const saved = await loadState(artifacts, key, job.title);
    const history = saved ? await complete(saved, options, tester.test) : [];
    const elapsed = stopwatch(saved?.epochs.at(-1)?.seconds ?? 0);
    listener.started(job, options.epochs * options.data.size, saved ? samplesDone(saved.state, options) : 0);
    let silent = saved?.silent;
    const { surroundings } = task.ingredients;
    const backends = [...new Set([...task.taughtOn, ...(saved?.backends ?? []), surroundings.backend])];
    const epochs = trainEpochs(engine, options, {
      signal,
      resume: saved?.state,
      onProgress: ({ samples }) => listener.progressed(job, samples),
      onWarning: (warning) => {
        if (warning.kind === 'silent')
          silent = { layer: warning.layer, share: warning.share, epoch: warning.epoch };
        listener.warned(job, warning);
      },
      // An epoch's checkpoint precedes its test errors: these are in the next one, or are counted when resuming.
      onCheckpoint: (state) => {
        const seconds = elapsed();
        const epochs = state.history.map(
          (epoch) => history.find((point) => point.epoch === epoch.epoch) ?? { ...epoch, seconds },
        );
        const bytes = encodeCheckpoint({ ...state, history: epochs }, key, {
          ...originOf(task, backends),
          ...silentEntry(silent),
        });
        return artifacts.write(key, 'checkpoint', bytes);
      },
    });
    let last: TrainedEpoch | undefined;
    for await (const trained of epochs) {
      last = trained;
      const { epoch, loss, model } = trained;
      // A run resumed at its end yields its last epoch again.
      if (!isPoint(epoch, options.epochs) || epoch === history.at(-1)?.epoch) continue;
      const tested = options.validation ? undefined : await tester.test(model);
      const errors = tested ? { testErrors: tested.errors } : { validationErrors: trained.validationErrors! };
      history.push({ epoch, loss, ...errors, seconds: elapsed() });
      listener.learned(job, history, model, tested);
    }
    const { kept, collapsed } = last!;
    // With validation data, the test data are looked at once, at the end.
    const testErrors = history.at(-1)!.testErrors ?? (await tester.test(kept.model)).errors;
    history.push({ ...history.pop()!, testErrors });
    listener.finished(job, history);
    return {
      ...{ job, model: kept.model, history, testErrors, backends },
      ...(kept.epoch < options.epochs && { kept: kept.epoch }),
      ...(collapsed && { collapsed }),
      ...(silent && { silent }),
    };
  } finally {
    await tester.close();
  }
}

/** Tests models on the test data; compiled when first asked. */
function testerOf(
  engine: Engine,
  { architecture }: TrainOptions,
  test: Dataset,
  signal: AbortSignal | undefined,
): { test(model: TrainedModel): Promise<Evaluation>; close(): Promise<void> } {
  let predictor: Promise<Predictor> | undefined;
  return {
    test: async (model) => {
      predictor ??= Predictor.create(engine, [architecture], test);
      return score(await (await predictor).predict([model], { signal }), test);
    },
    close: async () => (await predictor)?.close(),
  };
}

/**
 * Every epoch, or if there are many, as many as a curve needs, and the last: with a small training set, counting takes
 * longer than learning.
 */
function isPoint(epoch: number, epochs: number): boolean {
  return epoch % Math.ceil(epochs / POINTS) === 0 || epoch === epochs;
}

interface Saved {
  state: TrainingState;
  epochs: Epoch[];
  backends: string[];
  silent?: SilentLayer;
}

async function loadState(artifacts: Artifacts, key: string, title: string): Promise<Saved | undefined> {
  const bytes = await artifacts.read(key, 'checkpoint');
  if (!bytes) return undefined;
  const state = decodeCheckpoint(bytes, key, title);
  const { metadata } = decodeSafetensors(bytes, title);
  const epochs = readEpochs(state.history, title);
  return { state, epochs, backends: backendsIn(metadata), ...silentIn(metadata) };
}

/** The history up to a checkpoint, including test errors that an interrupted process didn't get to count. */
async function complete(
  { state, epochs }: Saved,
  { architecture, epochs: all, validation }: TrainOptions,
  tested: (model: TrainedModel) => Promise<Evaluation>,
): Promise<Point[]> {
  if (validation) return epochs.filter((e) => isPoint(e.epoch, all));
  const points: Point[] = [];
  for (const epoch of epochs.filter((e) => isPoint(e.epoch, all)))
    points.push({
      ...epoch,
      testErrors: epoch.testErrors ?? (await tested({ architecture, weights: state.tensors })).errors,
    });
  return points;
}

/** The samples that an interrupted training has already seen. */
export function samplesDone(
  state: Pick<TrainingState, 'step'>,
  options: Pick<TrainOptions, 'data' | 'batch'>,
): number {
  const step = state?.step;
  const { data, batch = 100 } = options ?? {};
  checkWhole(step, 'the step of a training state', 0, Infinity);
  checkData(data);
  const stepsPerEpoch = Math.ceil(data.size / Math.min(batch, data.size));
  return Math.round((step * data.size) / stepsPerEpoch);
}

/** Counts the seconds from now on, plus those before. */
function stopwatch(before: number): () => number {
  const started = performance.now();
  return () => before + (performance.now() - started) / 1000;
}
