import { join } from 'node:path';
import type { Context } from '../context.ts';
import { checkFree, dropConclusions } from '../files/earlier.ts';
import { files, inFolder, isFolder, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';

/** A command that trains, for one seed and for several. */
interface Seeded<R, S extends object> {
  /** What its folders are called after. */
  name: string;
  /** A run into a folder. */
  one(seed: number, folder: string): Promise<R>;
  /** What is printed of it. */
  text(made: R, folder: string): string;
  /** What runs give together, and what is printed of that. */
  together(runs: readonly R[], seeds: readonly number[]): S;
  textTogether(made: S): string;
}

/** Runs a command once, or once for each of several seeds, and prints what comes of it. */
export async function runSeeds<R extends object, S extends object>(
  options: Settings<'seed' | 'seeds' | 'out' | 'resume' | 'force' | 'json'>,
  { progress }: Context,
  { name, one, text, together, textTogether }: Seeded<R, S>,
): Promise<void> {
  const seeds = seedsOf(options);
  const range = seeds.length > 1 ? `s${seeds[0]}-${seeds.at(-1)}` : options.seed;
  const folder = options.out ?? `runs/${name}-seed${range}`;
  const print = (made: object, words: () => string) => {
    progress.close();
    process.stdout.write(options.json ? json(made) : `${words()}\n`);
  };
  if (seeds.length === 1) {
    const made = await inFolder(folder, () => one(options.seed, folder));
    return print(made, () => text(made, folder));
  }
  const { resume, force } = options;
  const all = await repeated({ folder, seeds, resume, force }, progress, one, (runs) =>
    together(runs, seeds),
  );
  print(all, () => `${textTogether(all)}\n\nthe rest ${folder}`);
}

interface Repetition {
  /** Holds a folder for each seed, and a report of all. */
  folder: string;
  seeds: readonly number[];
  resume: boolean;
  force: boolean;
}

/** seed, seed + 1, … @throws UsageError where these end. */
function seedsOf({ seed, seeds }: Settings<'seed' | 'seeds'>): number[] {
  if (seed + seeds > 2 ** 32)
    throw new UsageError(`--seeds ${seeds} from --seed ${seed} go beyond 4294967295: give a smaller --seed`);
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/** Runs everything once for each seed, in a folder of its own, and writes what they give together. */
function repeated<R, S extends object>(
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
