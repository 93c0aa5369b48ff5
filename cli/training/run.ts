import { DistillError, type Engine } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { decodeSafetensors } from 'wasm-distill/formats';
import {
  differences,
  type Ingredients,
  type ModelReference,
  outputsOf,
  Runner,
  type TrainJob,
} from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import type { Preparation } from '../data/preparation.ts';
import { NamedArtifacts } from '../files/artifacts.ts';
import { checkFree, dropConclusions, dropEarlier } from '../files/earlier.ts';
import { files, readIfThere } from '../files/run-files.ts';
import { jobProgress } from './progress.ts';
import type { Sets } from './sets.ts';
import type { Warnings } from './warnings.ts';

/** A training with the name of its files. */
export interface NamedJob {
  name: string;
  job: TrainJob;
}

/** A model that is there, of whatever kind. */
export interface KnownModel {
  model: AnyModel;
  reference: ModelReference;
}

/** What a run consists of. */
export interface RunOptions {
  folder: string;
  resume: boolean;
  sets: Sets;
  jobs: readonly NamedJob[];
  /** Models that jobs learn from or start with, and that none of them trains. */
  given?: readonly KnownModel[];
  /** How the training data became inputs. */
  made: Preparation;
  /** What is told of trainings that go wrong. */
  warnings: Warnings;
}

/**
 * A runner for jobs whose files are in a folder under their names. When resuming, something in the folder should belong
 * to this run; when starting afresh, unfinished trainings are dropped, and finished models stay until new ones replace
 * them.
 * @throws DistillError 'mismatch' if everything there is to resume belongs to another run, saying how it differs.
 */
export async function openRun(
  engine: Engine,
  context: Context,
  { folder, resume, sets, jobs, given = [], warnings, made }: RunOptions,
): Promise<Runner> {
  const artifacts = new NamedArtifacts(folder, resume, made);
  const runner = new Runner(engine, {
    artifacts,
    data: async (reference) => sets.data(reference),
    models: async ({ sha256 }) => modelOf(sha256, given),
    listener: {
      ...jobProgress(context.progress),
      warned: ({ title }, { sentence }) => warnings.tell(`${title}: ${sentence}`),
    },
    signal: context.controller.signal,
  });
  for (const { name, job } of jobs) {
    artifacts.name(await runner.key(job), name);
    for (const outputs of outputsOf(job)) artifacts.nameOutputs(await runner.key(outputs), outputs.what.kind);
  }
  if (resume) await checkResumable(context, folder, runner, jobs);
  else await startAfresh(context, folder);
  return runner;
}

function modelOf(sha256: string, given: readonly KnownModel[]): AnyModel {
  const found = given.find(({ reference }) => reference.sha256 === sha256);
  if (!found) throw new Error(`no model was given for ${sha256}`);
  return found.model;
}

/** What the command line has let pass: an unfinished run, or a finished one that is to be replaced. */
async function startAfresh({ progress }: Context, folder: string): Promise<void> {
  const dropped = await dropEarlier(folder);
  if (dropped === 'unfinished')
    progress.say(`an unfinished run in ${folder} is dropped: --resume would have continued it`);
  if (dropped === 'finished') progress.say(`the results of an earlier run in ${folder} are replaced`);
}

/** What an earlier run left of a job. */
interface Left {
  path: string;
  ours: boolean;
  /** How it differs from the job, if it isn't ours. */
  differing: readonly string[];
}

async function checkResumable(
  { progress }: Context,
  folder: string,
  runner: Runner,
  jobs: readonly NamedJob[],
): Promise<void> {
  const left: Left[] = [];
  for (const { name, job } of jobs)
    for (const path of [files.model(folder, name), files.checkpoint(folder, name)])
      left.push(...(await whatIsLeft(path, runner, job)));
  const foreign = left.filter(({ ours }) => !ours);
  // A finished model with other options is retrained and then replaced; an unfinished one would be lost.
  const lost = foreign.find(({ path }) => isCheckpoint(path));
  if (left.length > foreign.length && lost) throw refusal(lost.path, lost.differing);
  if (left.length > foreign.length) {
    for (const { path, differing } of foreign)
      progress.say(`${path} has other options or data${inParentheses(differing)}: it is made anew`);
    // A report tells of models; it isn't to lie beside others.
    if (left.filter(({ path, ours }) => ours && !isCheckpoint(path)).length < jobs.length)
      await dropConclusions(folder);
    return;
  }
  if (foreign.length > 0) throw refusal(folder, foreign.at(-1)!.differing);
  await checkFree(folder, { resume: false, force: false });
  progress.say(`nothing to resume in ${folder}: starting afresh`);
}

async function whatIsLeft(path: string, runner: Runner, job: TrainJob): Promise<Left[]> {
  const bytes = await readIfThere(path);
  if (!bytes) return [];
  const { fingerprint, job: words } = decodeSafetensors(bytes, path).metadata;
  const ours = fingerprint === (await runner.key(job));
  return [{ path, ours, differing: ours ? [] : await differencesTo(words, runner, job) }];
}

/** Files from before keys existed don't record what they were made from. */
async function differencesTo(words: string | undefined, runner: Runner, job: TrainJob): Promise<string[]> {
  try {
    return differences(JSON.parse(words ?? '') as Ingredients, await runner.ingredients(job));
  } catch {
    return [];
  }
}

function refusal(what: string, differing: readonly string[]): DistillError {
  return new DistillError(
    'mismatch',
    `${what} belongs to a run with other options or data${inParentheses(differing)}: give the same ones, or start afresh without --resume`,
  );
}

function inParentheses(differing: readonly string[]): string {
  return differing.length > 0 ? ` (${differing.slice(0, 3).join('; ')})` : '';
}

function isCheckpoint(path: string): boolean {
  return path.endsWith('.checkpoint.safetensors');
}
