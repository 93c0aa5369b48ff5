import type { Engine } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { type ModelReference, outputsOf, Runner, type TrainJob } from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import type { Preparation } from '../data/preparation.ts';
import { NamedArtifacts } from '../files/artifacts.ts';
import { dropEarlier } from '../files/earlier.ts';
import { jobProgress } from './progress.ts';
import type { Sets } from './sets.ts';
import { takeUp } from './take-up.ts';
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
  /** Whether what another backend has begun is gone on with. */
  allowOtherBackend: boolean;
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
  { folder, resume, allowOtherBackend, sets, jobs, given = [], warnings, made }: RunOptions,
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
  if (resume) await takeUp(context, { folder, runner, jobs, artifacts, allowOtherBackend });
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
