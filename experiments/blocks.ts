import type { Experiment, Row } from './experiment.ts';
import { type Model, seedsTo, type Training } from './model.ts';
import type { Limits } from './paper.ts';
import { askedOnce, kd } from './taught.ts';

/** At what size students of some blocks are set beside plain ones. */
export interface BlockScale extends Limits {
  /** Of these, the share that students see. */
  share: number;
  seeds: number;
  teacher: { network: string; training: Training };
  training: Training;
}

const COLOR = 'conv16k5v pool conv48k5v pool conv64 dense128 dense10';
const COLORED = [{ mirror: true }, { shift: 2 }] as const;

export const BLOCKS_FULL: BlockScale = {
  share: 0.1,
  seeds: 3,
  teacher: { network: COLOR, training: { epochs: 10, augment: COLORED } },
  training: { epochs: 40 },
};

export const BLOCKS_QUICK: BlockScale = {
  limit: 5000,
  tested: 2000,
  share: 0.3,
  seeds: 1,
  teacher: {
    network: 'conv8k5s2v conv16k5v pool dense32 dense10',
    training: { epochs: 6, augment: COLORED },
  },
  training: { epochs: 10 },
};

export interface Blocks {
  name: string;
  shows: string;
  students: readonly { what: string; network: string }[];
}

/** Networks of about the same size on a tenth of CIFAR-10, on labels and on soft targets of a teacher of all. */
export function blocks({ name, shows, students }: Blocks, scale: BlockScale): Experiment {
  const teacher: Model = { title: 'teacher', ...scale.teacher };
  const lessons = [{ how: 'labels' }, { how: 'KD, T = 4', lesson: askedOnce(teacher, kd(4)) }];
  const rows = students.flatMap(({ what, network }) =>
    lessons.map(({ how, ...taught }): Row => {
      const title = `${what}: ${how}`;
      const { share, training } = scale;
      const model = { title, network, training, samples: { share }, ...taught };
      return { what: title, model, seeds: seedsTo(scale.seeds) };
    }),
  );
  return {
    ...{ name, shows, data: 'cifar-10', withoutNumbers: true, kind: 'comparison' },
    rows: [...rows, { what: 'the teacher', model: teacher, seeds: [1] }],
    stepsTo: `${students[0]!.what}: labels`,
  };
}
