import { scaledPaper } from '../scaled-paper.ts';
import { experiments } from './experiments.ts';
import { FULL, QUICK } from './recipes.ts';

const INTRODUCTION = `# Results: 3% of the images

A student of 3,262 parameters (two convolutions) sees 3% of the training images, 1,800 (of CIFAR-10 1,500), its teacher has seen all
of them: what each way of teaching is worth where labels are few, for a student far smaller than those in published tables. Objectives are as [docs/objectives.md](/docs/objectives.md) has them. Hints join labels, or are a first stage of a third of
the epochs, before labels and soft targets at T = 3 whose weight falls from 4 to 0. Mutual learning and self-distillation have no
teacher; in "born again" the student on labels of seed 1 teaches students of its own architecture. Batch norm mixes the samples' gradients, so that
gradient-based attention transfer is refused for a student that has it: its rows and the symmetric one's are of students without, with
rows of labels and KD of their own, on CIFAR-10 at a tuned rate. FSP, whose student needs as many channels as its teacher, and verification and triplet loss, which are
about retrieval, have experiments of their own.

Every number comes from a run of this code and can be made again, bit for bit, by the command below its table. All trainings have the
library's default recipe unless said, and the last epoch counts; weights of objectives are those of tuning.md. The column "PyTorch" is that of
earlier runs there, of another subset of as many images and at another rate, one to three seeds: its ordering is what can be compared.
"steps" is when a training's errors on the test images are first no more than those that the student on labels ends with ("–": not
in every seed); they are counted after every second epoch. The same rows are in [results.json](results.json).
`;

/** Students of few images, by every objective. */
export const threePercent = scaledPaper(
  {
    name: 'three-percent',
    title: 'every objective, for tiny students that see 3% of the images',
    introduction: INTRODUCTION,
  },
  experiments,
  { full: FULL, quick: QUICK },
);
