import {
  DistillError,
  decodeCheckpoint,
  type Engine,
  encodeCheckpoint,
  Predictor,
  type RunControl,
  score,
  type TrainedModel,
  type TrainingState,
  type TrainOptions,
  trainEpochs,
} from 'wasm-distill';
import { files, readIfThere, writeAtomic } from '../files/run-files.ts';
import { counted } from '../format/numbers.ts';
import { type Epoch, errorsOf, type Point, readEpochs } from './history.ts';
import type { Run, Stage, Trained } from './stages.ts';

interface Saved {
  state: TrainingState;
  epochs: Epoch[];
}

/** Of a learning curve, about. */
const POINTS = 50;

type CountErrors = (model: TrainedModel) => Promise<number>;

/** Trains a model, from its checkpoint where there is one to resume, and counts its test errors as it goes. */
export async function train(engine: Engine, run: Run, stage: Stage, key: string): Promise<Trained> {
  const file = files.checkpoint(run.folder, stage.name);
  const saved = run.resume ? await load(file, key) : undefined;
  try {
    const test = stage.test ?? run.test;
    const predictor = await Predictor.create(engine, [stage.options.architecture], test);
    const countErrors: CountErrors = async (model) =>
      score(await predictor.predict([model], { signal: run.controller.signal }), test).errors;
    try {
      return await trainFrom(saved, engine, run, stage, countErrors, (state) =>
        writeAtomic(file, encodeCheckpoint(state, key)),
      );
    } finally {
      await predictor.close();
    }
  } catch (error) {
    if (!(error instanceof DistillError) || error.code === 'aborted') throw error;
    throw new DistillError(error.code, `${stage.title}: ${error.message}`, { cause: error });
  }
}

async function trainFrom(
  saved: Saved | undefined,
  engine: Engine,
  run: Run,
  stage: Stage,
  countErrors: CountErrors,
  save: (state: TrainingState) => Promise<void>,
): Promise<Trained> {
  const { title, options } = stage;
  const history = saved ? await complete(saved, stage, countErrors) : [];
  const bar = run.progress.start(
    title,
    options.epochs * options.data.size,
    saved && samplesDone(saved.state, options),
  );
  const elapsed = stopwatch(saved?.epochs.at(-1)?.seconds ?? 0);
  const control: RunControl = {
    signal: run.controller.signal,
    resume: saved?.state,
    onProgress: ({ samples }) => {
      bar.update(samples);
      run.onSamples?.(stage, samples);
    },
    // An epoch's checkpoint comes before its test errors: those are in the next one, or counted again by a resumed run.
    onCheckpoint: (state) =>
      save({
        ...state,
        history: state.history.map(
          (epoch) => history.find((point) => point.epoch === epoch.epoch) ?? { ...epoch, seconds: elapsed() },
        ),
      }),
  };
  let last: TrainedModel | undefined;
  for await (const { epoch, loss, model } of trainEpochs(engine, options, control)) {
    last = model;
    // A run resumed at its very end yields its last epoch again.
    if (countsErrors(epoch, options.epochs) && epoch !== history.at(-1)?.epoch) {
      history.push({ epoch, loss, testErrors: await countErrors(model), seconds: elapsed() });
      if (epoch < options.epochs) bar.note(`epoch ${epoch}/${options.epochs}, ${errorsOf(history)}`);
    }
  }
  bar.done(`${counted(options.epochs, 'epoch')}, ${errorsOf(history)}`);
  return { stage, model: last!, history };
}

/** Each epoch, or of many as many as a curve needs, and the last: of a small training set counting takes longer than learning. */
function countsErrors(epoch: number, epochs: number): boolean {
  return epoch % Math.ceil(epochs / POINTS) === 0 || epoch === epochs;
}

async function load(file: string, key: string): Promise<Saved | undefined> {
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  const state = decodeCheckpoint(bytes, key, file);
  return { state, epochs: readEpochs(state.history, file) };
}

/** The history up to a checkpoint, with the test errors that a process ended before it could count. */
async function complete(
  { state, epochs }: Saved,
  { options }: Stage,
  countErrors: CountErrors,
): Promise<Point[]> {
  const weights = { architecture: options.architecture, weights: state.tensors };
  const points: Point[] = [];
  for (const epoch of epochs.filter((e) => countsErrors(e.epoch, options.epochs)))
    points.push({ ...epoch, testErrors: epoch.testErrors ?? (await countErrors(weights)) });
  return points;
}

export function samplesDone(
  { step }: TrainingState,
  { data, batch = 100 }: Pick<TrainOptions, 'data' | 'batch'>,
): number {
  const stepsPerEpoch = Math.ceil(data.size / Math.min(batch, data.size));
  return Math.round((step * data.size) / stepsPerEpoch);
}

/** Seconds since now, and those before. */
function stopwatch(before: number): () => number {
  const started = performance.now();
  return () => before + (performance.now() - started) / 1000;
}
