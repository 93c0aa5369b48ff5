import {
  type Dataset,
  type Engine,
  predict,
  select,
  type TrainedModel,
  take,
  weightsSha256,
} from 'wasm-distill';
import { pairs, score } from 'wasm-distill/data';
import {
  classClusters,
  predictWithSpecialists,
  type Specialist,
  trainSoftSpecialist,
  trainSpecialist,
} from 'wasm-distill/ensemble';
import { sha256 } from 'wasm-distill/formats';
import { dataSha256, sideBySide } from 'wasm-distill/jobs';
import { partsOf } from './compile.ts';
import type { SpecialistStudy } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import { measured, type ResultRow } from './result.ts';
import type { Task } from './samples.ts';

/** Pairs of images that nothing else has: to learn from, to stop by, to count errors on. */
interface PairsTask extends Task {
  validation: Dataset;
}

type Variant = 'early' | 'soft';

/** What the specialists of one generalist follow from. */
interface School {
  laboratory: Laboratory;
  task: PairsTask;
  config: SpecialistStudy;
  generalist: TrainedModel;
  seed: number;
}

/** Accuracy and hash for each seed. */
interface Column {
  accuracies: number[];
  hashes: string[];
}

/** Generalists of pairs of digits, their specialists by hard labels and by soft targets, and what these gain. */
export async function study(digits: Laboratory, config: SpecialistStudy): Promise<ResultRow[]> {
  const task = pairsOf(digits.task, config);
  const laboratory = await digits.of(task);
  const jobs = await laboratory.jobs(config.generalist, config.seeds);
  await laboratory.train(jobs);
  const alone: Column = { accuracies: [], hashes: [] };
  const helped: Record<Variant, Column> = {
    early: { accuracies: [], hashes: [] },
    soft: { accuracies: [], hashes: [] },
  };
  for (const job of jobs) {
    const { model: generalist, testErrors } = await laboratory.trained(job);
    alone.accuracies.push(accuracy(testErrors, task.test));
    alone.hashes.push(await weightsSha256(generalist));
    const school: School = { laboratory, task, config, generalist, seed: job.seed };
    const clusters = await clustersOf(school);
    for (const variant of ['early', 'soft'] as const) {
      const specialists = await train(school, clusters, variant);
      const { engine, signal } = laboratory;
      const together = await predictWithSpecialists(engine, generalist, specialists, task.test, { signal });
      helped[variant].accuracies.push(accuracy(score(together, task.test).errors, task.test));
      helped[variant].hashes.push(await hashOf([generalist, ...specialists.map(({ model }) => model)]));
    }
  }
  return [
    row('generalist', 25.0, config, alone),
    row('with specialists, stopped early', 26.1, config, helped.early),
    row('with specialists, soft targets', null, config, helped.soft),
  ];
}

function row(
  what: string,
  paper: number | null,
  { seeds }: SpecialistStudy,
  { accuracies, hashes }: Column,
): ResultRow {
  return {
    what: `${what}: test accuracy`,
    unit: '%',
    better: 'more',
    paper,
    ...measured(accuracies),
    goal: null,
    seeds: [...seeds],
    weightsSha256: hashes,
  };
}

/** Seeds 1, 2 and 3: no seed of a training has a part in the task. */
function pairsOf({ train, test }: Task, { pairs: counts, heldOut }: SpecialistStudy): PairsTask {
  const first = train.size - heldOut;
  const rest = select(
    train,
    Array.from({ length: heldOut }, (_, i) => first + i),
  );
  return {
    train: pairs(take(train, first), { seed: 1, count: counts.training }),
    validation: pairs(rest, { seed: 2, count: counts.validation }),
    test: pairs(test, { seed: 3, count: counts.test }),
  };
}

async function clustersOf({ laboratory, task, generalist, config }: School): Promise<number[][]> {
  const { clusters, clusterTemperature: temperature } = config;
  const { engine, signal } = laboratory;
  const predictions = await predict(engine, generalist, task.train, { temperature, signal });
  return classClusters(predictions, { classes: task.train.classes, count: clusters });
}

/** The specialists of one generalist, side by side. */
async function train(
  school: School,
  clusters: readonly (readonly number[])[],
  variant: Variant,
): Promise<Specialist[]> {
  const { laboratory, task, config, seed } = school;
  const from = {
    kind: 'specialist',
    variant,
    generalist: await weightsSha256(school.generalist),
    data: await dataSha256(task.train),
    validation: await dataSha256(task.validation),
    training: config[variant],
    seed,
  };
  const title = `specialists, ${variant === 'early' ? 'stopped early' : 'soft targets'}, seed ${seed}`;
  const bar = laboratory.progress.start(title, clusters.length, 0, 'models');
  let done = 0;
  const jobs = clusters.map((classes) => async (team: Engine) => {
    const model = await laboratory.keep({ ...from, classes }, () => trainOne(team, school, classes, variant));
    bar.update(++done);
    return { classes, dustbin: variant === 'early', model };
  });
  const specialists = await sideBySide(laboratory.engine, jobs);
  bar.done(`of ${clusters.map((classes) => classes.length).join(', ')} classes`);
  return specialists;
}

async function trainOne(
  engine: Engine,
  { laboratory, task, config, generalist, seed }: School,
  classes: readonly number[],
  variant: Variant,
): Promise<TrainedModel> {
  const { train: data, validation } = task;
  const { patience, ...early } = config.early;
  const { temperature, ...soft } = config.soft;
  const control = { signal: laboratory.signal };
  const shared = { data, classes, seed };
  const specialist =
    variant === 'soft'
      ? await trainSoftSpecialist(engine, generalist, { ...shared, ...partsOf(soft), temperature }, control)
      : await trainSpecialist(
          engine,
          generalist,
          { ...shared, ...partsOf(early), earlyStopping: { validation, patience } },
          control,
        );
  return specialist.model;
}

function accuracy(errors: number, { size }: Dataset): number {
  return (100 * (size - errors)) / size;
}

async function hashOf(models: readonly TrainedModel[]): Promise<string> {
  const hashes = await Promise.all(models.map(weightsSha256));
  return sha256([new TextEncoder().encode(hashes.join(' '))]);
}
