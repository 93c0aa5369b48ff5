import { join } from 'node:path';
import { checkFree, dropConclusions } from '../files/earlier.ts';
import { files, inFolder, isFolder, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';

export interface Repetition {
  /** Holds a folder for each seed, and a report of all. */
  folder: string;
  seeds: readonly number[];
  resume: boolean;
  force: boolean;
}

/** seed, seed + 1, … @throws UsageError where these end. */
export function seedsOf({ seed, seeds }: Settings<'seed' | 'seeds'>): number[] {
  if (seed + seeds > 2 ** 32)
    throw new UsageError(`--seeds ${seeds} from --seed ${seed} go beyond 4294967295: give a smaller --seed`);
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/** Runs everything once for each seed, in a folder of its own, and writes what they give together. */
export function repeated<R, S extends object>(
  { folder, seeds, resume, force }: Repetition,
  progress: Progress,
  one: (seed: number, folder: string) => Promise<R>,
  together: (runs: readonly R[]) => S,
): Promise<S & { runs: R[] }> {
  const folderOf = (seed: number) => join(folder, `seed-${seed}`);
  return inFolder(folder, async () => {
    for (const each of [folder, ...seeds.map(folderOf)])
      if (await isFolder(each)) await checkFree(each, { resume, force });
    await dropConclusions(folder);
    const runs: R[] = [];
    for (const seed of seeds) {
      progress.say(`seed ${seed}, ${runs.length + 1} of ${seeds.length}`);
      runs.push(await inFolder(folderOf(seed), () => one(seed, folderOf(seed))));
    }
    const made = { ...together(runs), runs };
    await writeAtomic(files.json(folder), json(made));
    return made;
  });
}
