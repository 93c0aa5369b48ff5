import { scaledPaper } from '../scaled-paper.ts';
import { experiments } from './experiments.ts';
import { FULL, QUICK } from './recipes.ts';

const INTRODUCTION = `# Results: 3% of the images

A student of 3,262 parameters (two convolutions) sees 3% of the training images, 1,800 (of CIFAR-10 1,500), its teacher has seen all
of them: what each way of teaching is worth where labels are few, for a student far smaller than those that the field's tables are
of. Objectives are as [docs/objectives.md](/docs/objectives.md) has them. FSP, whose student needs as many channels as its teacher,
gradient-based attention transfer, whose student has no batch norm, hints, which take two stages, and verification and
triplet loss, which are about retrieval, have experiments of their own; mutual learning and self-distillation have no teacher.

Every number comes from a run of this code and can be made again, bit for bit, by the command below its table. All trainings have the
library's default recipe, and the last epoch counts; weights of objectives are those of tuning.md. The column "PyTorch" is that of
earlier runs there, of another subset of as many images and at another rate, one to three seeds: its ordering is what can be compared.
"steps" is when a training's errors on the test images are first no more than those that the student on labels ends with ("–": not
in every seed); they are counted after every second epoch. The same rows lie in [results.json](results.json).
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
