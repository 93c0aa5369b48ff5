import type { Experiment, Row } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo, type Training } from '../model.ts';
import type { Samples } from '../samples.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';
import { askedOnce, kd } from '../taught.ts';

export interface Scale {
  limit?: number;
  seeds: number;
  /** Digits that pairs are of: classes are their squares. */
  digits: readonly number[];
  /** Pairs of each class that students see. */
  each: number;
  steps: number;
  teacher: { network: string; training: Training };
  student: string;
}

const BATCH = 50;

/** Pairs of digits 0 to n − 1, so many of each, for as many steps: the classes are what differs. */
export function experiments(scale: Scale): Experiment[] {
  const rows = scale.digits.flatMap((digits) => rowsOf(scale, digits));
  return [
    {
      name: 'pairs-by-classes',
      shows:
        'pairs of digits, by the number of classes: as many images of each and as many steps, on labels, soft targets and logits',
      ...{ data: 'digit-pairs', withoutNumbers: true, kind: 'comparison' },
      rows,
      stepsTo: 'labels',
      plot: { x: 'classes', y: 'test error, %', log: true },
    },
  ];
}

function rowsOf(scale: Scale, digits: number): Row[] {
  const classes = classesOf(digits);
  const count = classes.length;
  const of: Samples = { classes, alone: true };
  const { each, steps, student } = scale;
  const { network, training } = scale.teacher;
  const teacher: Model = {
    ...{ title: `teacher of ${count}`, network: `${network} dense${count}`, training, samples: of },
  };
  const ways: { line: string; lesson?: ModelLesson }[] = [
    { line: 'labels' },
    { line: 'KD, T = 4', lesson: askedOnce(teacher, kd(4)) },
    { line: 'logits', lesson: askedOnce(teacher, { weight: 1, objective: 'logits' }) },
  ];
  const epochs = Math.max(1, Math.round((steps * BATCH) / (each * count)));
  const rows = ways.map(({ line, ...taught }): Row => {
    const title = `${count} classes: ${line}`;
    const learning = { network: `${student} dense${count}`, training: { epochs, batch: BATCH } };
    const model: Model = { title, ...learning, samples: { ...of, each }, ...taught };
    return { what: title, model, seeds: seedsTo(scale.seeds), measure: 'error', at: { x: count, line } };
  });
  const last: Row = { what: `${count} classes: the teacher`, model: teacher, seeds: [1], measure: 'error' };
  return [...rows, last].map((row) => ({ ...row, stepsTo: rows[0]!.what }));
}

/** Of pairs of the first so many digits. */
function classesOf(digits: number): number[] {
  const all = Array.from({ length: digits }, (_, i) => i);
  return all.flatMap((left) => all.map((right) => 10 * left + right));
}

const FULL: Scale = {
  ...{ seeds: 3, digits: [3, 5, 7, 10], each: 60, steps: 2400 },
  teacher: { network: 'conv16k5v pool conv32k3v dense128', training: { epochs: 10 } },
  student: 'conv4k5s2v conv12k3v',
};

export const manyClasses = scaledPaper<Scale>(
  {
    name: 'many-classes',
    title: 'what many classes do to labels, soft targets and logits',
    introduction: `# Results: many classes

"With many classes the model hardly converges", says the survey that this library began with (1.2). Pairs of MNIST digits side by
side have up to 100 classes; EMNIST, whose letters would be more, isn't among the data that are at hand. Every student sees as many
images of each class and makes as many steps, however many classes there are.

${HOW}`,
  },
  experiments,
  {
    full: FULL,
    quick: {
      ...{ ...FULL, limit: 10_000, seeds: 1, digits: [3, 10], each: 30, steps: 300 },
      teacher: { network: 'conv8k5s2v dense64', training: { epochs: 6 } },
    },
  },
);
