import type { LessonTerm } from 'wasm-distill/jobs';
import { dataSet } from '../data-sets.ts';
import type { Experiment, Row } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo } from '../model.ts';
import { alone, askedOnce, kd, LABELS, taughtBy } from '../taught.ts';
import { OBJECTIVES, type Taught } from './objectives.ts';
import type { Few, Scale } from './recipes.ts';

/** Whom PyTorch's numbers are of: the facts of these experiments, made before them. */
const TEMPERATURES = [
  { temperature: 1, pytorch: 333 },
  { temperature: 2, pytorch: 230 },
  { temperature: 4, pytorch: 193 },
  { temperature: 8, pytorch: 176 },
  { temperature: 20, pytorch: 215 },
];

interface Way {
  what: string;
  lesson?: ModelLesson;
  pytorch?: number | undefined;
}

/** Every experiment at a scale. */
export function experiments(scale: Scale): Experiment[] {
  return (['mnist', 'fashion-mnist', 'cifar-10'] as const).map((data) => threePercent(scale, data));
}

function threePercent(scale: Scale, data: Few): Experiment {
  const teacher = teacherOf(scale, data);
  const seeds = seedsTo(scale.seeds);
  const rows = waysOf(teacher).map(({ what, lesson, pytorch }): Row => {
    const model = studentOf(scale, what, lesson);
    return { what, model, seeds, ...(data === 'mnist' && { paper: pytorch }) };
  });
  return {
    name: `three-percent-${data}`,
    shows: `a student of a few thousand parameters that sees 3% of ${dataSet(data).title}'s training images, on labels and by every objective with a teacher of all of them`,
    ...(data !== 'mnist' && { data }),
    ...(data === 'mnist' ? { beside: 'PyTorch' } : { withoutNumbers: true }),
    kind: 'comparison',
    rows: [...rows, { what: 'the teacher', model: teacher, seeds: [1] }],
    stepsTo: 'labels',
  };
}

function waysOf(teacher: Model): Way[] {
  return [
    { what: 'labels', pytorch: 368 },
    {
      what: 'label smoothing 0.1',
      lesson: alone({ weight: 1, objective: 'smoothing', options: { epsilon: 0.1 } }),
      pytorch: 396,
    },
    { what: 'virtual teacher', lesson: alone(LABELS, { weight: 1, objective: 'virtual-teacher' }) },
    ...TEMPERATURES.map(({ temperature, pytorch }) => ({
      what: `KD, T = ${temperature}`,
      lesson: askedOnce(teacher, kd(temperature)),
      pytorch,
    })),
    { what: 'KD without labels, T = 4', lesson: askedOnce(teacher, kd(4, 0)), pytorch: 194 },
    ...OBJECTIVES.map((one) => ({
      what: one.what,
      lesson: by(teacher, one, { ...LABELS, weight: one.labels }),
      pytorch: one.pytorch,
    })),
    ...OBJECTIVES.map((one) => ({ what: `KD + ${one.what}`, lesson: by(teacher, one, kd(4)) })),
  ];
}

function by(teacher: Model, { term, inside }: Taught, beside: LessonTerm): ModelLesson {
  return (inside ? taughtBy : askedOnce)(teacher, beside, term);
}

function studentOf({ student, training, share }: Scale, title: string, lesson?: ModelLesson): Model {
  return { title, network: last(student), training, samples: { share }, ...(lesson && { lesson }) };
}

/** Trained on all images. */
function teacherOf({ teachers }: Scale, data: Few): Model {
  const { network, training } = teachers[data];
  return { title: 'teacher', network: last(network), training };
}

function last(network: string): string {
  return `${network} dense10`;
}
