import { BLOCKS_FULL, BLOCKS_QUICK, type BlockScale, blocks } from '../blocks.ts';
import type { Experiment } from '../experiment.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';

/** A Compact DNN (Wu et al., CVPR 2017): Conv-M joins an ordinary, a dilated and a transposed convolution. */
export function experiments(scale: BlockScale): Experiment[] {
  const students = [
    { what: 'plain, 14,922 parameters', network: 'conv16 pool conv24 pool conv48 gap dense10' },
    {
      what: 'Conv-M, 14,922 parameters',
      network: 'conv16 pool convm12-6-6 pool convm24-12-12 gap dense10',
    },
  ];
  const shows =
    'students of Conv-M modules beside plain ones of exactly the same size, with and without a teacher';
  return [blocks({ name: 'conv-m-students', shows, students }, scale)];
}

export const compactDnn = scaledPaper(
  {
    name: 'compact-dnn',
    title: 'A Compact DNN (Wu et al. 2017), as students',
    introduction: `# Results: Conv-M modules

Students of 14,922 parameters see a tenth of CIFAR-10, their teacher all of it. The paper has no such table.

${HOW}`,
  },
  experiments,
  { full: BLOCKS_FULL, quick: BLOCKS_QUICK },
);
