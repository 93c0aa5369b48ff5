import { DistillError, type Engine } from 'wasm-distill';
import { decodeSafetensors } from 'wasm-distill/formats';
import {
  type DataReference,
  dataSha256,
  differences,
  type Ingredients,
  Runner,
  type TrainJob,
} from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import { NamedArtifacts } from '../files/artifacts.ts';
import { exists, files, readIfThere, remove } from '../files/run-files.ts';
import type { DataPair } from './data.ts';
import { jobProgress } from './progress.ts';

/** A training with the name of its files. */
export interface NamedJob {
  name: string;
  job: TrainJob;
}

/** What a run is of. */
export interface RunOptions {
  folder: string;
  resume: boolean;
  data: DataPair;
  jobs: readonly NamedJob[];
}

/** Training and test data as jobs refer to them. */
export async function referencesTo({
  train,
  test,
}: DataPair): Promise<{ data: DataReference; test: DataReference }> {
  return {
    data: { name: 'training data', sha256: await dataSha256(train) },
    test: { name: 'test data', sha256: await dataSha256(test) },
  };
}

/**
 * A runner for jobs whose files lie in a folder under their names. To resume, something in the folder should be of this
 * run; afresh, unfinished trainings are dropped, and finished models stay until new ones are written in their place.
 * @throws DistillError 'mismatch' where all that there is to resume belongs to another run, saying in what it differs.
 */
export async function openRun(
  engine: Engine,
  context: Context,
  { folder, resume, data, jobs }: RunOptions,
): Promise<Runner> {
  const artifacts = new NamedArtifacts(folder, resume);
  const references = await referencesTo(data);
  const runner = new Runner(engine, {
    artifacts,
    data: async ({ sha256 }) => (sha256 === references.test.sha256 ? data.test : data.train),
    listener: jobProgress(context.progress),
    signal: context.controller.signal,
  });
  for (const { name, job } of jobs) artifacts.name(await runner.key(job), name);
  if (resume) await checkResumable(context, folder, runner, jobs);
  else await dropCheckpoints(context, folder, jobs);
  return runner;
}

async function dropCheckpoints(
  { progress }: Context,
  folder: string,
  jobs: readonly NamedJob[],
): Promise<void> {
  const paths = jobs.map(({ name }) => files.checkpoint(folder, name));
  if ((await Promise.all(paths.map(exists))).includes(true))
    progress.say(`an unfinished run in ${folder} is dropped: --resume would have continued it`);
  for (const path of paths) await remove(path);
}

async function checkResumable(
  { progress }: Context,
  folder: string,
  runner: Runner,
  jobs: readonly NamedJob[],
): Promise<void> {
  const foreign: string[][] = [];
  for (const { name, job } of jobs) {
    for (const path of [files.model(folder, name), files.checkpoint(folder, name)]) {
      const bytes = await readIfThere(path);
      if (!bytes) continue;
      const { fingerprint, job: words } = decodeSafetensors(bytes, path).metadata;
      if (fingerprint === (await runner.key(job))) return;
      foreign.push(await differencesTo(words, runner, job));
    }
  }
  if (foreign.length > 0) throw refusal(folder, foreign.at(-1)!);
  progress.say(`nothing to resume in ${folder}: starting afresh`);
}

async function differencesTo(words: string | undefined, runner: Runner, job: TrainJob): Promise<string[]> {
  try {
    return differences(JSON.parse(words ?? '') as Ingredients, await runner.ingredients(job));
  } catch {
    return [];
  }
}

function refusal(folder: string, differing: readonly string[]): DistillError {
  const what = differing.length > 0 ? ` (${differing.slice(0, 3).join('; ')})` : '';
  return new DistillError(
    'mismatch',
    `${folder} belongs to a run with other options or data${what}: give the same ones, or start afresh without --resume`,
  );
}
