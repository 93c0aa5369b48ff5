import type { LessonTerm } from 'wasm-distill/jobs';
import { dataSet } from '../data-sets.ts';
import type { Experiment, Row } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo } from '../model.ts';
import { alone, askedOnce, kd, LABELS, taughtBy } from '../taught.ts';
import { BY_GRADIENTS, BY_ITSELF, HINTS, HINTS_THEN, OBJECTIVES, type Taught } from './objectives.ts';
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
  /** What layers up to this one learn in a stage before, of a third of the epochs. */
  first?: { lesson: ModelLesson; upTo: string };
  /** The student has no batch norm. */
  plain?: true;
  seeds?: readonly number[];
  pytorch?: number | undefined;
}

/** Every experiment at a scale. */
export function experiments(scale: Scale): Experiment[] {
  return (['mnist', 'fashion-mnist', 'cifar-10'] as const).map((data) => threePercent(scale, data));
}

function threePercent(scale: Scale, data: Few): Experiment {
  const teacher = teacherOf(scale, data);
  const rows = waysOf(scale, data, teacher).map(
    ({ what, seeds = seedsTo(scale.seeds), pytorch, ...way }): Row => {
      const model = studentOf(scale, data, { what, ...way });
      return { what, model, seeds, ...(data === 'mnist' && { paper: pytorch }) };
    },
  );
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

function waysOf(scale: Scale, data: Few, teacher: Model): Way[] {
  return [
    { what: 'labels', pytorch: 368 },
    {
      what: 'label smoothing 0.1',
      lesson: alone({ weight: 1, objective: 'smoothing', options: { epsilon: 0.1 } }),
      pytorch: 396,
    },
    { what: 'virtual teacher', lesson: alone(LABELS, { weight: 1, objective: 'virtual-teacher' }) },
    ...BY_ITSELF.map(({ what, term, pytorch }) => ({ what, lesson: alone(term), pytorch })),
    bornAgain(scale, data),
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
    ...BY_ITSELF.map(({ what, term }) => ({ what: `KD + ${what}`, lesson: askedOnce(teacher, kd(4), term) })),
    {
      what: 'hints, then KD',
      first: { lesson: taughtBy(teacher, HINTS), upTo: HINTS.options.guided },
      lesson: askedOnce(teacher, ...HINTS_THEN),
    },
    ...plainWays(teacher),
  ];
}

/** The student on labels again, by what another of it answers, whose seed is none of theirs. */
function bornAgain(scale: Scale, data: Few): Way {
  const before = studentOf(scale, data, { what: 'labels' });
  const generation: LessonTerm = { weight: 1, objective: 'kd', options: { temperature: 1, alpha: 0 } };
  return {
    what: 'born again',
    lesson: askedOnce(before, generation),
    seeds: seedsTo(scale.seeds).map((seed) => seed + 1),
  };
}

/** Gradients of a sample are its own only without batch norm: students of a kind of their own, beside labels or KD. */
function plainWays(teacher: Model): Way[] {
  const ways: Way[] = [
    { what: 'labels' },
    { what: 'KD, T = 4', lesson: askedOnce(teacher, kd(4)) },
    ...BY_GRADIENTS.map(({ what, term, taught }) => ({
      what,
      lesson: taught ? taughtBy(teacher, LABELS, term) : alone(LABELS, term),
    })),
    ...BY_GRADIENTS.map(({ what, term }) => ({
      what: `KD + ${what}`,
      lesson: taughtBy(teacher, kd(4), term),
    })),
  ];
  return ways.map(({ what, ...way }) => ({ what: `without batch norm: ${what}`, ...way, plain: true }));
}

function by(teacher: Model, { term, inside }: Taught, beside: LessonTerm): ModelLesson {
  return (inside ? taughtBy : askedOnce)(teacher, beside, term);
}

function studentOf(scale: Scale, data: Few, { what, lesson, first, plain }: Way): Model {
  const { student, share } = scale;
  const network = last(plain ? `nobn ${student}` : student);
  const training = { ...scale.training, ...(plain && scale.plain[data]) };
  const model: Model = { title: what, network, training, samples: { share } };
  if (!first) return { ...model, ...(lesson && { lesson }) };
  const epochs = Math.ceil(training.epochs / 3);
  const before = { ...model, title: `${what}: the first stage`, training: { ...training, epochs }, ...first };
  return {
    ...model,
    training: { ...training, epochs: training.epochs - epochs },
    ...(lesson && { lesson }),
    from: before,
  };
}

/** Trained on all images. */
function teacherOf({ teachers }: Scale, data: Few): Model {
  const { network, training } = teachers[data];
  return { title: 'teacher', network: last(network), training };
}

function last(network: string): string {
  return `${network} dense10`;
}
