import { join } from 'node:path';
import { round } from '../build-report.js';
import { environment } from '../context.js';
import { prepareFolder, writeAtomic } from '../run-files.js';
import { compare } from './compare.js';
import { resultMarkdown } from './document.js';
import type { Experiment } from './experiment.js';
import type { Result } from './result.js';
import { study } from './specialists.js';
import type { Store } from './store.js';

/** Trains what an experiment needs and isn't there, and measures it. `scale` and `command` are what the result says of itself. */
export async function runExperiment(
  store: Store,
  experiment: Experiment,
  scale: string,
  command: string,
): Promise<Result> {
  const started = performance.now();
  const { name, shows, otherTask = false } = experiment;
  const rows =
    experiment.kind === 'comparison' ? await compare(store, experiment) : await study(store, experiment);
  const plot = experiment.kind === 'comparison' ? experiment.plot : undefined;
  const { train, test } = store.task;
  return {
    name,
    shows,
    otherTask,
    rows,
    ...(plot && { plot }),
    config: { scale, trainingImages: train.size, testImages: test.size, command, experiment },
    environment: environment(store.engine),
    seconds: round((performance.now() - started) / 1000),
  };
}

/** Writes NAME.json, NAME.md and, where there is a plot, NAME.svg. */
export async function writeResult(folder: string, result: Result): Promise<void> {
  await prepareFolder(folder);
  const { name } = result;
  await writeAtomic(join(folder, `${name}.json`), json(result));
  await writeAtomic(join(folder, `${name}.md`), resultMarkdown(result, '.'));
  await writePlot(folder, result);
}

export async function writePlot(folder: string, result: Result): Promise<void> {
  if (!result.plot) return;
  const { plotSvg } = await import('./plot.js');
  await writeAtomic(join(folder, `${result.name}.svg`), await plotSvg(result, result.plot));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
