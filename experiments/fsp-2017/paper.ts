import type { Experiment } from '../experiment.ts';
import { RESIDUAL_FULL, RESIDUAL_QUICK, type ResidualScale, residual, residualTeacher } from '../residual.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';
import { askedOnce, kd, taughtBy } from '../taught.ts';

const GROUPS = ['zero', 'one', 'two', 'three'].map((name) => ({ student: name, teacher: name }));

export function experiments(scale: ResidualScale): Experiment[] {
  const teacher = residualTeacher(scale);
  const ways = [
    { what: 'labels', paper: 1209 },
    { what: 'KD, T = 4', lesson: askedOnce(teacher, kd(4)) },
    {
      what: 'FSP, then labels',
      paper: 1130,
      first: taughtBy(teacher, { weight: 1, objective: 'fsp', options: { layers: GROUPS } }),
    },
  ];
  const shows =
    "a residual student that first learns how its teacher's groups follow from one another, then labels";
  return [residual({ name: 'fsp-cifar-10', shows, ways, teacher: 809 }, scale)];
}

export const fsp2017 = scaledPaper(
  {
    name: 'fsp-2017',
    title: 'A Gift from Knowledge Distillation (Yim et al. 2017)',
    introduction: `# Results: the flow of a solution procedure

A residual student of three blocks sees a tenth of CIFAR-10, its teacher of six blocks all of it. The FSP row has a first stage of
10 epochs before the 20 that all rows have. The paper's numbers, quoted from memory, are of ResNet-8 and ResNet-26 with wider groups
and all of CIFAR-10.

${HOW}`,
  },
  experiments,
  { full: RESIDUAL_FULL, quick: RESIDUAL_QUICK },
);
