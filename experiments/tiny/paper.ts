import { count as written } from '../../cli/format/numbers.ts';
import type { Experiment, Row } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo, type Training } from '../model.ts';
import type { Limits } from '../paper.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';

export interface Scale extends Limits {
  seeds: number;
  teachers: number;
  teacher: { network: string; training: Training };
  epochs: number;
}

const JITTERED = [{ shift: 1 }] as const;

/** Under so many parameters, and the errors that are hoped for. */
const SIZES = [
  { under: 4000, goal: 80, what: '3,916 parameters', network: 'conv6k5s2v conv12k5v pool dense10' },
  {
    under: 13_000,
    goal: 60,
    what: '12,034 parameters',
    network: 'conv8k5s2v conv16k5v pool dense32 dense10',
  },
];

/** The best students of so many bytes on all of MNIST, as they are and in 8 bits. */
export function experiments(scale: Scale): Experiment[] {
  const { epochs, seeds: count, teachers } = scale;
  const seeds = seedsTo(count);
  const teacher: Model = { title: 'teacher', ...scale.teacher };
  const lesson: ModelLesson = {
    ...{ kind: 'distillation', teacher, teachers },
    ...{ temperature: 4, alpha: 0.1, form: 'two-term' },
  };
  return SIZES.map(({ under, goal, what, network }): Experiment => {
    const of = (how: string, more: Partial<Model>): Row => {
      const training: Training = { epochs };
      return { what: `${what}: ${how}`, model: { title: how, network, training, ...more }, seeds };
    };
    const jittered = { epochs, augment: JITTERED };
    const best = of('KD, T = 4, jittered', { lesson, training: jittered });
    return {
      name: `tiny-${under}`,
      shows: `the best student under ${written(under)} parameters on all of MNIST, in 32 bits and in 8`,
      otherTask: true,
      kind: 'comparison',
      rows: [
        of('labels', {}),
        of('labels, jittered', { training: jittered }),
        of('KD, T = 4', { lesson }),
        { ...best, goal },
        { ...best, what: `${best.what}, 8 bits`, goal, eightBits: true },
        {
          what: teachers === 1 ? 'the teacher' : `the ${teachers} teachers`,
          model: teacher,
          seeds: seedsTo(teachers),
          together: true,
        },
      ],
      stepsTo: `${what}: labels`,
    };
  });
}

export const tiny = scaledPaper<Scale>(
  {
    name: 'tiny',
    title: 'the best students under 4,000 and 13,000 parameters',
    introduction: `# Results: tiny students

Students of two sizes on all of MNIST. *Jittered*: images are shifted by up to a pixel while a student learns; its teachers' by two.

${HOW}`,
  },
  experiments,
  {
    full: {
      ...{ seeds: 3, teachers: 3, epochs: 60 },
      teacher: {
        network: 'conv16k5v pool conv32k5v pool dense128 dense10',
        training: { epochs: 10, augment: [{ shift: 2 }] },
      },
    },
    quick: {
      ...{ limit: 5000, tested: 2000, seeds: 1, teachers: 1, epochs: 4 },
      teacher: {
        network: 'conv8k5s2v conv16k5v pool dense32 dense10',
        training: { epochs: 5, augment: JITTERED },
      },
    },
  },
);
