import { DistillError } from 'wasm-distill';
import { decodeSafetensors } from 'wasm-distill/formats';
import { differences, type Runner, type TrainJob } from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import type { NamedArtifacts } from '../files/artifacts.ts';
import { checkFree, dropConclusions } from '../files/earlier.ts';
import { files, readIfThere } from '../files/run-files.ts';
import { ingredientsIn, type Move, moveOf, moveRefused } from './other-backend.ts';
import type { NamedJob } from './run.ts';

interface Resumed {
  folder: string;
  runner: Runner;
  jobs: readonly NamedJob[];
  artifacts: NamedArtifacts;
  allowOtherBackend: boolean;
}

/** What an earlier run left of a job. */
interface Left {
  path: string;
  key: string;
  ours: boolean;
  /** If it isn't ours, but would be on another backend. */
  move?: Move | undefined;
  /** How it differs from the job, if it isn't ours. */
  differing: readonly string[];
}

/**
 * Finds what there is to go on with.
 * @throws DistillError 'mismatch' if everything belongs to another run, or something to the same on another backend.
 */
export async function takeUp(
  { progress }: Context,
  { folder, runner, jobs, artifacts, allowOtherBackend }: Resumed,
): Promise<void> {
  const left: Left[] = [];
  for (const { name, job } of jobs)
    for (const path of [files.model(folder, name), files.checkpoint(folder, name)])
      left.push(...(await whatIsLeft(path, runner, job)));
  for (const one of left) {
    if (!one.move) continue;
    if (!allowOtherBackend) throw moveRefused(one.path, one.move);
    artifacts.adopt(one.path, one.key);
    one.ours = true;
    progress.say(`${one.path} ${moved(one.path, one.move)}`);
  }
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
  const { metadata } = decodeSafetensors(bytes, path);
  const key = await runner.key(job);
  if (metadata.fingerprint === key) return [{ path, key, ours: true, differing: [] }];
  const before = ingredientsIn(metadata.job);
  const differing = before ? differences(before, await runner.ingredients(job)) : [];
  return [{ path, key, ours: false, move: await moveOf(metadata, runner, job), differing }];
}

function moved(path: string, { from, to }: Move): string {
  return isCheckpoint(path)
    ? `was begun on ${from}: ${to} goes on with it, to results that differ in their last bits`
    : `was made on ${from}: it is taken as it is`;
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
