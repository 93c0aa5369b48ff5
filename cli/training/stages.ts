import {
  type Dataset,
  DistillError,
  decodeModel,
  decodeSafetensors,
  type Engine,
  encodeModel,
  sha256,
  sideBySide,
  type TrainedModel,
  type TrainOptions,
} from 'wasm-distill';
import { type Context, version } from '../context.ts';
import { exists, files, readIfThere, remove, writeAtomic } from '../files/run-files.ts';
import { fingerprint } from './fingerprint.ts';
import { errorsOf, type Point, readHistory } from './history.ts';
import { train } from './train-stage.ts';

/** A model to be trained: its files are called `name`, a person reads `title`. */
export interface Stage {
  name: string;
  title: string;
  options: TrainOptions;
  /** What the loss and the soft targets follow from, where it isn't the labels alone: part of the fingerprint. */
  targets?: Readonly<Record<string, unknown>>;
  /** What its errors are counted on, where it isn't the run's test images. */
  test?: Dataset;
}

export interface Trained {
  stage: Stage;
  model: TrainedModel;
  history: Point[];
}

/** What the stages of one run share. */
export interface Run extends Context {
  folder: string;
  resume: boolean;
  test: Dataset;
  /** Says whose a file is: a hash of all that a stage's weights and history follow from. */
  fingerprint: (stage: Stage) => Promise<string>;
  /** Told of every stage's training samples done, beside its bar. */
  onSamples?: (stage: Stage, samples: number) => void;
}

export async function openRun(
  context: Context,
  folder: string,
  resume: boolean,
  train: Dataset,
  test: Dataset,
): Promise<Run> {
  const data = await sha256([train.images, train.labels, test.images, test.labels]);
  return {
    ...context,
    folder,
    resume,
    test,
    fingerprint: ({ options, targets }) => {
      const { data: _, soft: __, loss: ___, ...plain } = options;
      return fingerprint({ version, data, targets, options: plain });
    },
  };
}

/**
 * Looks at what the folder holds of earlier runs. To resume, something should be of this run: of the stages `known` at
 * the start, since what others follow from is still to be trained. Afresh, unfinished trainings of all `names` are
 * dropped; finished models stay until new ones are written in their place.
 */
export async function prepareStages(
  run: Run,
  known: readonly Stage[],
  names: readonly string[],
): Promise<void> {
  if (!run.resume) {
    await dropCheckpoints(run, names);
    return;
  }
  const found = await Promise.all(known.map((stage) => inspect(run, stage)));
  if (found.includes('ours')) return;
  if (found.includes('foreign')) throw foreign(run.folder);
  run.progress.say(`nothing to resume in ${run.folder}: starting afresh`);
}

async function dropCheckpoints(run: Run, names: readonly string[]): Promise<void> {
  const paths = names.map((name) => files.checkpoint(run.folder, name));
  const found = (await Promise.all(paths.map(exists))).includes(true);
  if (found)
    run.progress.say(`an unfinished run in ${run.folder} is dropped: --resume would have continued it`);
  for (const path of paths) await remove(path);
}

/** Trains stages side by side where that is faster. The first failure stops the others, which can then be resumed. */
export function trainStages(engine: Engine, run: Run, stages: readonly Stage[]): Promise<Trained[]> {
  const job = (stage: Stage) => async (team: Engine) => {
    try {
      return await trainOrLoad(team, run, stage);
    } catch (error) {
      run.controller.abort(error);
      throw error;
    }
  };
  return sideBySide(engine, stages.map(job));
}

/** A finished model of the same options is loaded; else its training begins, or goes on from its checkpoint. */
async function trainOrLoad(engine: Engine, run: Run, stage: Stage): Promise<Trained> {
  const key = await run.fingerprint(stage);
  const file = files.model(run.folder, stage.name);
  let trained = run.resume ? await loadFinished(file, stage, key) : undefined;
  if (trained) {
    run.progress.say(`${stage.title}: trained before, ${errorsOf(trained.history)}`);
  } else {
    trained = await train(engine, run, stage, key);
    const metadata = { fingerprint: key, history: JSON.stringify(trained.history) };
    await writeAtomic(file, encodeModel(trained.model, metadata));
  }
  await remove(files.checkpoint(run.folder, stage.name));
  return trained;
}

async function loadFinished(file: string, stage: Stage, key: string): Promise<Trained | undefined> {
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  const { model, metadata } = decodeModel(bytes, file);
  return metadata.fingerprint === key
    ? { stage, model, history: readHistory(metadata.history, file) }
    : undefined;
}

async function inspect(run: Run, stage: Stage): Promise<'ours' | 'foreign' | 'nothing'> {
  const key = await run.fingerprint(stage);
  const paths = [files.model(run.folder, stage.name), files.checkpoint(run.folder, stage.name)];
  const found = await Promise.all(paths.map(async (path) => ({ path, bytes: await readIfThere(path) })));
  const keys = found.flatMap(({ path, bytes }) =>
    bytes ? [decodeSafetensors(bytes, path).metadata.fingerprint] : [],
  );
  if (keys.includes(key)) return 'ours';
  return keys.length > 0 ? 'foreign' : 'nothing';
}

function foreign(folder: string): DistillError {
  return new DistillError(
    'mismatch',
    `${folder} belongs to a run with other options or data: give the same ones, or start afresh without --resume`,
  );
}
