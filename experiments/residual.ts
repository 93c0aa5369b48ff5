import type { Experiment, Row } from './experiment.ts';
import { type Model, type ModelLesson, seedsTo, type Training } from './model.ts';
import type { Limits } from './paper.ts';

/** A residual student and its deeper teacher of CIFAR-10, whose groups `zero` to `three` have the same names. */
export interface ResidualScale extends Limits {
  /** Of these, what students see. */
  share: number;
  seeds: number;
  teacher: { network: string; training: Training };
  student: { network: string; training: Training };
}

const COLORED = [{ mirror: true }, { shift: 2 }] as const;
const STUDENT = 'conv16@zero res16@one res32s2@two res64s2@three gap dense10';

/** ResNet-14 of all images, ResNet-8 of a tenth. */
export const RESIDUAL_FULL: ResidualScale = {
  ...{ share: 0.1, seeds: 2 },
  teacher: {
    network: 'conv16@zero res16 res16@one res32s2 res32@two res64s2 res64@three gap dense10',
    training: { epochs: 8, augment: COLORED },
  },
  student: { network: STUDENT, training: { epochs: 20 } },
};

export const RESIDUAL_QUICK: ResidualScale = {
  ...{ limit: 2000, tested: 2000, share: 0.3, seeds: 1 },
  teacher: { network: RESIDUAL_FULL.teacher.network, training: { epochs: 3, batch: 25 } },
  student: { network: STUDENT, training: { epochs: 6, batch: 25 } },
};

export interface Way {
  what: string;
  lesson?: ModelLesson;
  /** Default: the student's. */
  rate?: number;
  /** The paper's test errors, of other networks. */
  paper?: number;
  /** A stage before, of half as many epochs. */
  first?: ModelLesson;
}

export function residualTeacher({ teacher }: ResidualScale): Model {
  return { title: 'residual teacher', ...teacher };
}

/** Ways of teaching the student, and the teacher, on a tenth of CIFAR-10; `teacher` is the test errors of the paper's. */
export function residual(
  { name, shows, ways, teacher }: { name: string; shows: string; ways: readonly Way[]; teacher?: number },
  scale: ResidualScale,
): Experiment {
  const { share, student, seeds } = scale;
  const rows = ways.map(({ what, lesson, rate, first, paper }): Row => {
    const training = { ...student.training, ...(rate !== undefined && { rate }) };
    const model: Model = { title: what, ...student, training, samples: { share }, ...(lesson && { lesson }) };
    const before = { ...training, epochs: Math.ceil(training.epochs / 2) };
    const from = first && { ...model, title: `${what}: the first stage`, training: before, lesson: first };
    return { what, model: { ...model, ...(from && { from }) }, seeds: seedsTo(seeds), paper };
  });
  const numbers = ways.some(({ paper }) => paper !== undefined);
  return {
    ...{ name, shows, data: 'cifar-10', kind: 'comparison' },
    ...(numbers ? { otherTask: true } : { withoutNumbers: true }),
    rows: [...rows, { what: 'the teacher', model: residualTeacher(scale), seeds: [1], paper: teacher }],
    stepsTo: 'labels',
  };
}
