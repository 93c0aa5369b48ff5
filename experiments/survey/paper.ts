import { scaledPaper } from '../scaled-paper.ts';
import { experiments } from './experiments.ts';
import { FULL, QUICK } from './recipes.ts';

const INTRODUCTION = `# Results: the survey

What the survey that this library began with says without a table of its own: that a student with a prior needs very little of a
new scene, and a recipe, the plain sum of both losses at T = 20 with teachers trained through their softmax at T = 20. Such a
teacher's logits are about T times as large, so that its soft targets at this T are about as sharp as an ordinary teacher's at
T = 1: the temperature cancels ([docs/losses.md](/docs/losses.md#a-teachers-own-temperature)).

Every number comes from a run of this code and can be made again, bit for bit, by the command below its table. All trainings have
the library's default recipe, and the last epoch counts; tuning.md beside the full results says what was tried, on training images
alone. "ours" is the mean over the seeds, "deviation" their sample standard deviation. The same rows are in
[results.json](results.json).
`;

/** The survey that this library began with. */
export const survey = scaledPaper(
  {
    name: 'survey',
    title: 'the survey (transfer by a prior, a recipe of its own)',
    introduction: INTRODUCTION,
  },
  experiments,
  { full: FULL, quick: QUICK },
);
