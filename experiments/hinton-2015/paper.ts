import { scaledPaper } from '../scaled-paper.ts';
import { experiments } from './experiments.ts';
import { FULL, QUICK } from './recipes.ts';

const INTRODUCTION = `# Results

The tables of Hinton, Vinyals and Dean 2015 ([arXiv 1503.02531](https://arxiv.org/abs/1503.02531)) and what belongs to them, each by one command. Every
number of ours comes from a run of this code, and as training is deterministic, the same command of the same version gives
the same weights, bit for bit: compare the hashes. The last epoch counts, not the best; "ours" is the mean over the seeds,
"deviation" their sample standard deviation. The same rows are in [results.json](results.json).

Recipes are tuned on 50,000 training images with errors counted on the other 10,000 (\`--split\`), never on the test
images: tuning.md beside the full results lists what was tried. Full teachers have two cycles of learning rates, but only the
first where many students of several kinds are compared (mnist-temperature, mnist-unlabeled, fusion-vs-two-term, logits,
features).
`;

/** Distilling the Knowledge in a Neural Network, arXiv 1503.02531. */
export const hinton2015 = scaledPaper(
  { name: 'hinton-2015', title: 'Hinton, Vinyals and Dean 2015', introduction: INTRODUCTION },
  experiments,
  { full: FULL, quick: QUICK },
);
