import type { Paper, Scaled } from '../paper.ts';
import { experiments } from './experiments.ts';
import { FULL, QUICK, type Scale } from './recipes.ts';

const INTRODUCTION = `# Results: the survey

What the survey that this library began with claims without a table: that a student with a prior needs very little of a new
scene, and a recipe of its own. As in [Hinton's tables](../hinton-2015/results.md) every number comes from a run of this code
and can be made again, bit for bit, by the command below its table; the last epoch counts, "ours" is the mean over the seeds,
"deviation" their sample standard deviation. The same rows lie in [results.json](results.json). All trainings have the
library's default recipe; nothing was tuned on the test images.
`;

/** The survey that this library began with. */
export const survey: Paper = {
  name: 'survey',
  title: 'the survey (transfer by a prior, a recipe of its own)',
  folder: 'experiments/survey',
  introduction: INTRODUCTION,
  full: scaled(FULL),
  quick: scaled(QUICK),
};

function scaled(scale: Scale): Scaled {
  return { limit: scale.limit, experiments: experiments(scale) };
}
