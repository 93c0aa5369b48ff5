import type { Dataset } from 'wasm-distill';
import type { Experiment, SpecialistStudy } from './experiments.js';
import { type Job, jobsOf, teachersOf } from './model.js';
import { flopsBySample } from './store.js';

/** What two cores do in a second, as the benchmark of a whole step measured it where this was written. */
const FLOPS = 70e9;

const DIGITS = { height: 28, width: 28, classes: 10 };
const PAIRS = { height: 14, width: 28, classes: 100 };

/** Roughly how many seconds an experiment trains with so many images on two cores, where nothing is found trained. */
export function estimate(experiment: Experiment, images: number): number {
  if (experiment.kind === 'specialists') return pairsFlops(experiment) / FLOPS;
  const jobs = new Map<string, Job>();
  const add = (job: Job) => {
    jobs.set(JSON.stringify(job), job);
    teachersOf(job).forEach(add);
  };
  for (const { model, seeds } of experiment.rows) jobsOf(model, seeds).forEach(add);
  return [...jobs.values()].reduce((sum, job) => sum + flops(job, images, DIGITS), 0) / FLOPS;
}

function flops(job: Job, images: number, shape: Pick<Dataset, 'height' | 'width' | 'classes'>): number {
  const { recipe, samples: { classes, share = 1 } = {} } = job.model;
  const part = share * ((classes?.length ?? shape.classes) / shape.classes);
  return flopsBySample(job, shape) * recipe.epochs * images * part;
}

/** The specialists of all clusters together see each pair once an epoch, and as many of other clusters. */
function pairsFlops({ generalist, seeds, pairs, early, soft }: SpecialistStudy): number {
  const passes = generalist.recipe.epochs + 2 * (early.epochs + soft.epochs);
  const once = { ...generalist, recipe: { ...generalist.recipe, epochs: 1 } };
  return jobsOf(once, seeds).reduce((sum, job) => sum + passes * flops(job, pairs.training, PAIRS), 0);
}
