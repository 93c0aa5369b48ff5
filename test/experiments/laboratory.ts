import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createEngine, type Engine, loadMnist, take } from 'wasm-distill';
import type { Context } from '../../cli/context.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { experiments } from '../../experiments/hinton-2015/experiments.ts';
import type { Result } from '../../experiments/result.ts';
import { runExperiment } from '../../experiments/run.ts';
import type { Task } from '../../experiments/samples.ts';
import { Store } from '../../experiments/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TINY } from './hinton-2015/tiny.ts';

/** What a test file's experiments work with. */
export const laboratory = {} as {
  folder: string;
  engine: Engine;
  task: Task;
  /** What was said on standard error since the last context was made. */
  said: string[];
};

beforeAll(async () => {
  const { train, test } = await loadMnist();
  Object.assign(laboratory, {
    folder: await temporaryFolder(),
    engine: await createEngine({ threads: 2 }),
    task: { train: take(train, 1000), test: take(test, 300) },
    said: [],
  });
});
afterAll(() => laboratory.engine.close());

/** Says what it is told into `laboratory.said`; `onNote` sees each epoch. */
export function context(onNote = (_title: string, _text: string, _context: Context): void => {}): Context {
  const said: string[] = [];
  laboratory.said = said;
  const made: Context = {
    controller: new AbortController(),
    progress: {
      start: (title) => ({
        update: () => {},
        note: (text) => onNote(title, text, made),
        done: (text) => void said.push(`${title}: ${text}`),
      }),
      say: (line) => void said.push(line),
      close: () => {},
    },
  };
  return made;
}

export function named(name: string, scale = TINY): Experiment {
  return experiments(scale).find((experiment) => experiment.name === name)!;
}

/** Runs an experiment with what lies in a folder. */
export async function reproduce(
  name: string,
  out: string,
  { on = context(), scale = TINY, of = laboratory.task } = {},
): Promise<Result> {
  const store = await Store.open(laboratory.engine, of, on, join(laboratory.folder, out));
  return runExperiment(store, named(name, scale), 'tiny', `reproduce ${name}`);
}
