import type { Experiment } from './experiment.ts';
import type { Limits, Paper, Scaled } from './paper.ts';

type Said = Pick<Paper, 'name' | 'title' | 'introduction'>;

/** A paper whose experiments follow from a scale, at both of its sizes; its results lie in the folder of its name. */
export function scaledPaper<S extends Limits>(
  said: Said,
  experiments: (scale: S) => Experiment[],
  { full, quick }: { full: S; quick: S },
): Paper {
  return {
    ...said,
    folder: `experiments/${said.name}`,
    full: scaled(full, experiments),
    quick: scaled(quick, experiments),
  };
}

function scaled<S extends Limits>(scale: S, experiments: (scale: S) => Experiment[]): Scaled {
  const { limit, tested } = scale;
  return { limit, tested, experiments: experiments(scale) };
}

/** What the documents of results have in common. */
export const HOW = `Every number comes from a run of this code and can be made again, bit for bit, by the command below its table. All trainings have the
library's default recipe unless the table's experiment says another, and the last epoch counts. A column of steps tells when a
training's errors on the test images are first no more than those that the named row ends with, mean of the seeds ("–": not in every
seed); they are counted after every epoch, of long trainings after every second one or so, and steps of stages before count. The same
rows are in [results.json](results.json).
`;
