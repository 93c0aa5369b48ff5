import { join } from 'node:path';
import { environment } from '../cli/context.ts';
import { prepareFolder, writeAtomic } from '../cli/files/run-files.ts';
import { json } from '../cli/format/json.ts';
import { round } from '../cli/format/numbers.ts';
import { compare } from './compare.ts';
import { dataSet } from './data-sets.ts';
import { resultMarkdown } from './document.ts';
import type { Experiment } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import type { Result } from './result.ts';
import { study } from './specialists.ts';

/** Trains what an experiment needs and isn't there, and measures it. `scale` and `command` are what the result says of itself. */
export async function runExperiment(
  laboratory: Laboratory,
  experiment: Experiment,
  scale: string,
  command: string,
): Promise<Result> {
  const started = performance.now();
  const { name, shows, otherTask = false, withoutNumbers = false, beside } = experiment;
  const rows =
    experiment.kind === 'comparison'
      ? await compare(laboratory, experiment)
      : await study(laboratory, experiment);
  const plot = experiment.kind === 'comparison' ? experiment.plot : undefined;
  const stepsTo = experiment.kind === 'comparison' ? experiment.stepsTo : undefined;
  const { train, test } = laboratory.task;
  return {
    name,
    shows,
    otherTask,
    ...(beside !== undefined && { beside }),
    ...(withoutNumbers && { withoutNumbers }),
    rows,
    ...(plot && { plot }),
    ...(stepsTo !== undefined && { stepsTo }),
    config: {
      scale,
      ...(experiment.data && { data: dataSet(experiment.data).title }),
      trainingImages: train.size,
      testImages: test.size,
      command,
      experiment,
    },
    environment: environment(laboratory.engine),
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
  const { plotSvg } = await import('./plot.ts');
  await writeAtomic(join(folder, `${result.name}.svg`), await plotSvg(result, result.plot));
}
