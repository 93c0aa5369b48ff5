import { shiftCount } from 'wasm-distill';
import type { Experiment, SpecialistStudy } from './experiment.ts';
import { type Job, jobsOf, neededBy, type Softening, softeningOf } from './model.ts';
import type { Samples } from './samples.ts';
import { flopsBySample, type Shape, softeningFlopsBySample } from './store.ts';

/** What two cores do in a second, as the benchmark of a whole step measured it where this was written. */
const FLOPS = 70e9;

const DIGITS = { height: 28, width: 28, classes: 10 };
const PAIRS = { height: 14, width: 28, classes: 100 };

/** Roughly how many seconds an experiment trains with so many images on two cores, where nothing is found trained. */
export function estimate(experiment: Experiment, images: number): number {
  if (experiment.kind === 'specialists') return pairsFlops(experiment) / FLOPS;
  const jobs = new Map<string, Job>();
  const softenings = new Map<string, Softening>();
  const add = (job: Job) => {
    jobs.set(JSON.stringify(job), job);
    const softening = softeningOf(job);
    if (softening) softenings.set(JSON.stringify(softening), softening);
    neededBy(job).forEach(add);
  };
  for (const { model, seeds } of experiment.rows) jobsOf(model, seeds).forEach(add);
  const training = [...jobs.values()].reduce((sum, job) => sum + flops(job, images, DIGITS), 0);
  const softened = [...softenings.values()].reduce((sum, s) => sum + softeningFlops(s, images, DIGITS), 0);
  return (training + softened) / FLOPS;
}

function flops({ model }: Job, images: number, shape: Shape): number {
  return flopsBySample(model, shape) * model.recipe.epochs * images * partOf(model.samples, shape);
}

function softeningFlops(softening: Softening, images: number, shape: Shape): number {
  const passes = shiftCount(softening.jitter) * images * partOf(softening.samples, shape);
  return softeningFlopsBySample(softening, shape) * passes;
}

function partOf({ classes, share = 1 }: Samples = {}, shape: Shape): number {
  return share * ((classes?.length ?? shape.classes) / shape.classes);
}

/** The specialists of all clusters together see each pair once an epoch, and as many of other clusters. */
function pairsFlops({ generalist, seeds, pairs, early, soft }: SpecialistStudy): number {
  const passes = generalist.recipe.epochs + 2 * (early.epochs + soft.epochs);
  const once = { ...generalist, recipe: { ...generalist.recipe, epochs: 1 } };
  return jobsOf(once, seeds).reduce((sum, job) => sum + passes * flops(job, pairs.training, PAIRS), 0);
}
