import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createEngine, type Engine, loadMnist, take } from 'wasm-distill';
import type { Context } from '../../cli/context.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { experiments } from '../../experiments/hinton-2015/experiments.ts';
import { Laboratory } from '../../experiments/laboratory.ts';
import type { Result } from '../../experiments/result.ts';
import { runExperiment } from '../../experiments/run.ts';
import type { Task } from '../../experiments/samples.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TINY } from './hinton-2015/tiny.ts';

/** What a test file's experiments work with. */
export const setting = {} as {
  folder: string;
  engine: Engine;
  task: Task;
  /** What was said on standard error since the last context was made. */
  said: string[];
};

beforeAll(async () => {
  const { train, test } = await loadMnist();
  Object.assign(setting, {
    folder: await temporaryFolder(),
    engine: await createEngine({ threads: 2 }),
    task: { train: take(train, 1000), test: take(test, 300) },
    said: [],
  });
});
afterAll(() => setting.engine.close());

/** Says what it is told into `setting.said`; `onNote` sees each epoch. */
export function context(onNote = (_title: string, _text: string, _context: Context): void => {}): Context {
  const said: string[] = [];
  setting.said = said;
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

/** A laboratory with what lies in a folder. */
export function open(out: string, { on = context(), of = setting.task } = {}): Promise<Laboratory> {
  return Laboratory.open(setting.engine, of, on, join(setting.folder, out));
}

/** Runs one of Hinton's experiments with what lies in a folder. */
export function reproduce(
  name: string,
  out: string,
  { on = context(), scale = TINY, of = setting.task } = {},
): Promise<Result> {
  return conduct(named(name, scale), out, { on, of });
}

/** Runs an experiment with what lies in a folder. */
export async function conduct(
  experiment: Experiment,
  out: string,
  { on = context(), of = setting.task } = {},
): Promise<Result> {
  return runExperiment(await open(out, { on, of }), experiment, 'tiny', `reproduce ${experiment.name}`);
}
