import { CONVOLUTIONAL, CONVOLUTIONAL_QUICK } from '../convolutional.ts';
import type { Experiment } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo } from '../model.ts';
import type { Limits } from '../paper.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';

export interface Scale extends Limits {
  /** How many, of the students on labels, by one teacher, and by several, for which there are goals. */
  seeds: { labels: number; one: number; several: number };
  teachers: number;
  teacher: Model;
  student: string;
  epochs: number;
}

const JITTERED = [{ shift: 2 }] as const;

/** The student of Hinton, Vinyals and Dean, by convolutional teachers, on jittered images. */
export function experiments({ seeds, teachers, teacher, student, epochs }: Scale): Experiment[] {
  const by = (count: number, temperature: number): ModelLesson => ({
    ...{ kind: 'distillation', teacher, teachers: count },
    ...{ temperature, alpha: 0.1, form: 'two-term' },
  });
  // The rates are those of hinton-2015's mnist-ensemble and of the facts' 20 epochs.
  const of = (title: string, rate: number, lesson?: ModelLesson): Model => ({
    ...{ title, network: student, training: { epochs, rate, augment: JITTERED } },
    ...(lesson && { lesson }),
  });
  return [
    {
      name: 'headline-mnist',
      shows: `the paper's student by ${teachers} convolutional teachers that answer to jittered images`,
      kind: 'comparison',
      rows: [
        { what: 'labels', model: of('labels', 0.1), seeds: seedsTo(seeds.labels) },
        {
          what: 'one teacher, T = 20',
          model: of('one teacher', 0.02, by(1, 20)),
          seeds: seedsTo(seeds.one),
          paper: 74,
        },
        ...[2, 4].map((temperature) => {
          const what = `${teachers} teachers, T = ${temperature}`;
          const model = of(what, temperature === 2 ? 0.06 : 0.04, by(teachers, temperature));
          return { what, model, seeds: seedsTo(seeds.several), paper: 74, goal: temperature === 2 ? 66 : 74 };
        }),
        {
          what: `the ${teachers} teachers together`,
          model: teacher,
          seeds: seedsTo(teachers),
          together: true,
        },
      ],
      stepsTo: 'labels',
    },
  ];
}

export const headline = scaledPaper<Scale>(
  {
    name: 'headline',
    title: "Hinton, Vinyals and Dean's student, by convolutional teachers",
    introduction: `# Results: the headline

784-800-800-10 had 74 errors in the paper, with a larger perceptron as its teacher; here its teachers are convolutional.

${HOW}`,
  },
  experiments,
  {
    full: {
      seeds: { labels: 3, one: 3, several: 5 },
      ...{ teachers: 5, student: '800,800,10', epochs: 60 },
      teacher: CONVOLUTIONAL,
    },
    quick: {
      ...{
        limit: 5000,
        tested: 2000,
        seeds: { labels: 1, one: 1, several: 1 },
        teachers: 2,
        student: '100,100,10',
        epochs: 12,
      },
      teacher: CONVOLUTIONAL_QUICK,
    },
  },
);
