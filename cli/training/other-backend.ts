import { DistillError } from 'wasm-distill';
import { type Ingredients, jsonSha256, type Runner, type TrainJob } from 'wasm-distill/jobs';

/** Which backend a file of a training comes from, and which one would go on with it, in words. */
export interface Move {
  from: string;
  to: string;
}

/**
 * Whether a file belongs to this very training, on another backend or another GPU. Of wasm, other kernels are another
 * version: nobody knows how far its results are from these.
 */
export async function moveOf(
  { job: words, work }: Readonly<Record<string, string>>,
  runner: Runner,
  job: TrainJob,
): Promise<Move | undefined> {
  const before = ingredientsIn(words);
  const now = await runner.ingredients(job);
  if (before?.surroundings.streams !== now.surroundings.streams) return undefined;
  const [from, to] = [before.surroundings.backend, now.surroundings.backend];
  if (from === to && to !== 'webgpu') return undefined;
  const same = work === undefined ? await isAlone(before, now) : work === (await runner.work(job));
  return same ? { from: from === to ? `${from} with another GPU or plan` : from, to } : undefined;
}

/** Files from before `work` was kept tell of what they need only by keys, which differ between backends. */
async function isAlone(before: Ingredients, now: Ingredients): Promise<boolean> {
  const [a, b] = await Promise.all([before, now].map(({ job }) => jsonSha256(job)));
  return before.needs.length + now.needs.length === 0 && a === b;
}

/** What a file's key was made of; files from before keys existed don't record it. */
export function ingredientsIn(words: string | undefined): Ingredients | undefined {
  try {
    const found = JSON.parse(words ?? '') as Ingredients;
    return Array.isArray(found.needs) && typeof found.surroundings.backend === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

export function moveRefused(path: string, { from, to }: Move): DistillError {
  return new DistillError(
    'mismatch',
    `${path} comes from ${from}, and ${to} would go on to results that differ in their last bits: give the same --backend as before, or --allow-other-backend to go on nevertheless`,
  );
}
