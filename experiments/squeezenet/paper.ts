import { BLOCKS_FULL, BLOCKS_QUICK, type BlockScale, blocks } from '../blocks.ts';
import type { Experiment } from '../experiment.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';

/** SqueezeNet (Iandola et al. 2016): fire modules squeeze channels, then expand them by 1 × 1 and 3 × 3. */
export function experiments(scale: BlockScale): Experiment[] {
  const students = [
    { what: 'plain, 10,306 parameters', network: 'conv16 pool conv20 pool conv36 gap dense10' },
    {
      what: 'fire, 10,602 parameters',
      network: 'conv32 pool fire8-16-16 fire8-16-16 pool fire16-32-32 gap dense10',
    },
  ];
  const shows =
    "students of SqueezeNet's fire modules beside plain ones of the same size, with and without a teacher";
  return [blocks({ name: 'fire-students', shows, students }, scale)];
}

export const squeezenet = scaledPaper(
  {
    name: 'squeezenet',
    title: 'SqueezeNet (Iandola et al. 2016), as students',
    introduction: `# Results: fire modules

Students of about 10,000 parameters see a tenth of CIFAR-10, their teacher all of it. The paper has no such table.

${HOW}`,
  },
  experiments,
  { full: BLOCKS_FULL, quick: BLOCKS_QUICK },
);
