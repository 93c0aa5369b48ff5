import { type DataReference, type JobSpec, neededBy } from 'wasm-distill/jobs';
import { architectureOf, Compiler, type Sources } from './compile.ts';
import { dataSet } from './data-sets.ts';
import type { Comparison, Experiment, SpecialistStudy } from './experiment.ts';
import { nameOf, type Samples } from './samples.ts';
import { trainingFlops, workOf } from './work.ts';

/** What two cores do in a second, as the benchmark of a whole step measured it where this was written. */
const FLOPS = 70e9;

const PAIRS = [14, 28, 1];

/** Roughly how many seconds an experiment trains with so many images on two cores, where nothing is found trained. */
export async function estimate(experiment: Experiment, images: number): Promise<number> {
  const flops =
    experiment.kind === 'specialists' ? pairsFlops(experiment) : await flopsOf(experiment, images);
  return flops / FLOPS;
}

async function flopsOf({ rows, data }: Experiment & Comparison, images: number): Promise<number> {
  const { sources, sizeOf } = standIn(dataSet(data), images);
  const compiler = new Compiler(sources);
  const jobs = new Map<string, JobSpec>();
  const add = (job: JobSpec) => {
    jobs.set(JSON.stringify(job), job);
    neededBy(job).forEach(add);
  };
  for (const { model, seeds } of rows) (await compiler.jobs(model, seeds)).forEach(add);
  return [...jobs.values()].reduce((sum, job) => {
    if (job.kind === 'evaluate') return sum;
    const { samples, flops } = workOf(job, sizeOf);
    return sum + samples * flops;
  }, 0);
}

/** Images that aren't there: only how many there would be is known. */
function standIn(
  { shape, classes }: { shape: readonly number[]; classes: number },
  images: number,
): { sources: Sources; sizeOf: (data: DataReference) => number } {
  const sizes = new Map<string, number>();
  const reference = (name: string): DataReference => ({ name, sha256: name });
  const sources: Sources = {
    shape,
    test: async () => reference('test'),
    data: async (samples, seed) => {
      const name = nameOf(samples, seed);
      sizes.set(name, countOf(samples, images, classes));
      return reference(name);
    },
  };
  return { sources, sizeOf: ({ sha256 }) => sizes.get(sha256) ?? 0 };
}

function countOf({ classes, share = 1, each }: Samples, images: number, all: number): number {
  const count = classes?.length ?? all;
  return each === undefined ? (images * share * count) / all : each * count;
}

/** The specialists of all clusters together see each pair once an epoch, and as many of other clusters. */
function pairsFlops({ generalist, seeds, pairs, early, soft }: SpecialistStudy): number {
  const passes = generalist.training.epochs + 2 * (early.epochs + soft.epochs);
  return seeds.length * passes * pairs.training * trainingFlops(architectureOf(generalist.network, PAIRS));
}
