import { percent } from '../../cli/format/numbers.ts';
import type { Experiment, Recovered, Row } from '../experiment.ts';
import { type Model, seedsTo, type Training } from '../model.ts';
import type { FewSamples, Scale } from './recipes.ts';

/** How many samples features are selected by. */
const SELECTED_BY = 5000;

/** Every experiment at a scale. Sections are those of Hinton, Vinyals, Dean 2015, arXiv 1503.02531. */
export function experiments(scale: Scale): Experiment[] {
  const sweep = { ...scale, ...scale.sweep };
  return [
    ...headline(scale),
    ensemble(scale),
    temperatures({ ...scale, teacher: sweep.teacher }),
    without3(scale),
    only7And8(scale),
    threePercent(scale),
    unlabeled(sweep),
    forms(sweep),
    logits(sweep),
    features(sweep),
    specialists(scale),
  ];
}

function headline(scale: Scale): Experiment[] {
  const seeds = seedsTo(scale.headlineSeeds);
  const teacher = { what: 'teacher', model: teacherOf(scale), seeds, paper: 67 };
  const hard = { what: 'student, hard labels', model: hardStudent(scale), seeds, paper: 146 };
  const soft = { what: 'student, soft targets', model: softStudent(scale), seeds, paper: 74, goal: 74 };
  const better: Row[] = [
    {
      what: 'student, soft targets of a convolutional teacher',
      model: withTeacher(softStudent(scale), scale.better),
      seeds,
    },
    { what: 'convolutional teacher', model: scale.better, seeds },
  ];
  return [
    {
      name: 'mnist-teacher',
      shows: 'a large network with dropout, max-norm and jittered images (section 3)',
      kind: 'comparison',
      rows: [{ ...teacher, goal: 67 }],
    },
    {
      name: 'mnist-hard',
      shows: 'a smaller network on labels alone, not regularized (section 3)',
      kind: 'comparison',
      rows: [hard],
    },
    {
      name: 'mnist-soft',
      shows: 'the same student on soft targets, of images without jitter (section 3)',
      kind: 'comparison',
      rows: [soft, hard, teacher, ...better],
    },
  ];
}

function ensemble(scale: Scale): Experiment {
  const { training, loss, teachers } = scale.ensemble;
  const teacher = teacherOf(scale);
  const student: Model = {
    title: 'ensemble student',
    network: scale.student,
    training,
    lesson: { kind: 'distillation', teacher, teachers, ...loss },
  };
  const all = seedsTo(teachers);
  return {
    name: 'mnist-ensemble',
    shows: 'one student of an ensemble that labels each image as it comes jittered',
    kind: 'comparison',
    rows: [
      { what: `student of ${teachers} teachers`, model: student, seeds: seedsTo(scale.seeds), goal: 60 },
      { what: `the ${teachers} teachers together`, model: teacher, seeds: all, together: true },
      { what: 'one teacher', model: teacher, seeds: all },
      {
        what: `student of ${teachers} convolutional teachers`,
        model: withTeacher(student, scale.better),
        seeds: seedsTo(scale.seeds),
        goal: 60,
      },
      {
        what: `the ${teachers} convolutional teachers together`,
        model: scale.better,
        seeds: all,
        together: true,
      },
      { what: 'one convolutional teacher', model: scale.better, seeds: all },
    ],
  };
}

function temperatures(scale: Scale): Experiment {
  const { widths, temperatures: all } = scale.temperature;
  return {
    name: 'mnist-temperature',
    shows: 'the temperature that suits a student depends on its size: small ones want less (section 3)',
    kind: 'comparison',
    rows: widths.flatMap(({ width, training, seeds, part = 1 }) =>
      all.map(({ temperature, rate }) => ({
        what: `${width} units a layer, T = ${temperature}`,
        model: {
          ...softStudent(scale, { temperature }),
          title: `${width} units, T = ${temperature}`,
          network: `${width},${width},10`,
          training: { ...training, rate: part * rate },
        },
        seeds: seedsTo(seeds),
        at: { x: temperature, line: `${width} units a layer` },
      })),
    ),
    plot: { x: 'temperature', y: 'test errors', log: true },
  };
}

/** A class that the transfer set lacks, then its bias adjusted on training images. */
function without3(scale: Scale): Experiment {
  const seeds = seedsTo(scale.seeds);
  const model = {
    ...softStudent(scale),
    title: 'no 3',
    samples: { classes: [0, 1, 2, 4, 5, 6, 7, 8, 9] },
  };
  return {
    name: 'mnist-without-3',
    shows: 'a student that has never seen a 3, then the bias of that class raised (section 3)',
    kind: 'comparison',
    rows: [
      { what: 'errors', model, paper: 206 },
      { what: 'errors on 3s', model, ofClass: 3, paper: 133 },
      { what: 'bias raised: errors', model, adjust: [3], paper: 109, goal: 109 },
      { what: 'bias raised: errors on 3s', model, adjust: [3], ofClass: 3, paper: 14, goal: 14 },
    ].map((row) => ({ ...row, seeds })),
  };
}

/** Classes that are all that the transfer set holds, then their biases adjusted on training images. */
function only7And8(scale: Scale): Experiment {
  const seeds = seedsTo(scale.seeds);
  const model = {
    ...softStudent(scale, {}, scale.only78),
    title: 'only 7 and 8',
    samples: { classes: [7, 8] },
  };
  return {
    name: 'mnist-7-8',
    shows: 'a student that has seen only 7s and 8s, then the biases of these lowered (section 3)',
    kind: 'comparison',
    rows: [
      { what: 'test error', model, measure: 'error' as const, paper: 47.3 },
      {
        what: 'biases lowered: test error',
        model,
        measure: 'error' as const,
        adjust: [7, 8],
        paper: 13.2,
        goal: 13.2,
      },
    ].map((row) => ({ ...row, seeds })),
  };
}

/** Each way of training: few labels, few soft targets, and all labels, which the gap is measured to. */
function threePercent(scale: Scale): Experiment {
  const { share, plain, jittered } = scale.few;
  const ways = [fewSamples(scale, '', plain), fewSamples(scale, ', jittered', jittered)];
  return {
    name: 'mnist-3-percent',
    shows: `soft targets let ${percent(share)} of the images teach almost what all of them do, without jitter and, for all, with it; the paper's figures are those of speech (section 6, table 5)`,
    otherTask: true,
    kind: 'comparison',
    rows: ways.flatMap(({ rows }) => rows),
    recovered: ways.map(({ recovered }) => recovered),
  };
}

function fewSamples(
  scale: Scale,
  how: string,
  { all = scale.hard, hard, soft }: FewSamples,
): { rows: Row[]; recovered: Recovered } {
  const { share } = scale.few;
  const few = `${percent(share)}${how}`;
  const seeds = seedsTo(scale.seeds);
  const names = { all: `all${how}, hard labels`, hard: `${few}, hard labels`, soft: `${few}, soft targets` };
  const samples = { share };
  const models = [
    { what: names.all, model: { ...hardStudent(scale, all), title: names.all }, paper: 58.9 },
    { what: names.hard, model: { ...hardStudent(scale, hard), title: names.hard, samples }, paper: 44.5 },
    { what: names.soft, model: { ...softStudent(scale, {}, soft), title: names.soft, samples }, paper: 57 },
  ];
  const tested = (of: string) => `${of}: test accuracy`;
  return {
    rows: models.flatMap(({ what, model, paper }) => [
      { what: `${what}: training accuracy`, model, seeds, measure: 'training accuracy' as const },
      { what: tested(what), model, seeds, measure: 'accuracy' as const, paper },
    ]),
    recovered: {
      what: `${few}: share of the gap that soft targets recover`,
      paper: 87,
      goal: 87,
      of: tested(names.soft),
      from: tested(names.hard),
      to: tested(names.all),
    },
  };
}

function unlabeled(scale: Scale): Experiment {
  const seeds = seedsTo(scale.seeds);
  return {
    name: 'mnist-unlabeled',
    shows: `soft targets need no labels: most or all of the transfer set without any (section 2); ${size(scale)}`,
    kind: 'comparison',
    rows: scale.labelShares.flatMap((share) => [
      {
        what: `soft targets, ${percent(share)} labeled`,
        model: { ...softStudent(scale), title: `${percent(share)} labeled`, unlabeled: 1 - share },
        seeds,
        at: { x: 100 * share, line: 'soft targets for all images' },
      },
      ...(share === 0 ? [] : [labelsAlone(scale, share, seeds)]),
    ]),
    plot: { x: 'labeled images, %', y: 'test errors' },
  };
}

/** For comparison: only the labeled images, as often as that makes the same number of steps. */
function labelsAlone(scale: Scale, share: number, seeds: readonly number[]): Row {
  const epochs = Math.round(scale.hard.epochs / share);
  return {
    what: `hard labels of ${percent(share)}`,
    model: {
      ...hardStudent(scale, { ...scale.hard, epochs }),
      title: `hard labels of ${percent(share)}`,
      samples: { share },
    },
    seeds,
    at: { x: 100 * share, line: 'labels alone' },
  };
}

function forms(scale: Scale): Experiment {
  const { alphas, fusion, unscaled } = scale.forms;
  const seeds = seedsTo(scale.seeds);
  const variants = [
    { line: 'fusion', model: (alpha: number) => softStudent(scale, { alpha, form: 'fusion' }, fusion) },
    { line: 'two terms', model: (alpha: number) => softStudent(scale, { alpha, form: 'two-term' }) },
    {
      line: 'two terms without T²',
      model: (alpha: number) =>
        softStudent(scale, { alpha, form: 'two-term', softWeight: 1 - alpha }, unscaled),
    },
  ];
  return {
    name: 'fusion-vs-two-term',
    shows: `a small weight of the hard labels works best; T² keeps it in proportion (section 2); ${size(scale)}`,
    kind: 'comparison',
    rows: variants.flatMap(({ line, model }) =>
      alphas.map((alpha) => ({
        what: `${line}, a = ${alpha}`,
        model: { ...model(alpha), title: `${line}, a = ${alpha}` },
        seeds,
        at: { x: alpha, line },
      })),
    ),
    plot: { x: 'weight a of the hard labels', y: 'test errors' },
  };
}

function logits(scale: Scale): Experiment {
  const { training, temperatures: all } = scale.logits;
  const teacher = teacherOf(scale);
  const seeds = seedsTo(scale.seeds);
  const regression: Model = {
    title: 'logit regression',
    network: scale.student,
    training,
    lesson: { kind: 'logits', teacher },
  };
  return {
    name: 'logits',
    shows: `regression on logits (Caruana) is what soft targets alone come to at a high temperature (section 2.1); ${size(scale)}`,
    kind: 'comparison',
    rows: [
      { what: 'regression on logits', model: regression, seeds },
      ...all.map((temperature) => ({
        what: `soft targets alone, T = ${temperature}`,
        model: {
          ...softStudent(scale, { temperature, alpha: 0, form: 'two-term' }),
          title: `soft alone, T = ${temperature}`,
        },
        seeds,
      })),
    ],
  };
}

function features(scale: Scale): Experiment {
  const { network, units, training, correlations, weight } = scale.features;
  const seeds = seedsTo(scale.seeds);
  const regression = (correlation: number): Model => ({
    title: `features, ≤ ${correlation}`,
    network,
    training,
    lesson: {
      kind: 'features',
      teacher: teacherOf(scale),
      selection: { count: units, correlation },
      selectedBy: SELECTED_BY,
      weight,
    },
  });
  return {
    name: 'features',
    shows:
      'targets from the layer before the output: the units that discriminate most, with and without those that repeat others',
    kind: 'comparison',
    rows: [
      { what: 'hard labels', model: { ...hardStudent(scale), network }, seeds },
      { what: 'soft targets', model: { ...softStudent(scale), network }, seeds },
      ...correlations.map((correlation) => ({
        what: `${units} features, correlation up to ${correlation}`,
        model: regression(correlation),
        seeds,
      })),
    ],
  };
}

function specialists(scale: Scale): Experiment {
  const { network, training, ...study } = scale.specialists;
  return {
    name: 'specialists',
    shows:
      "specialists for classes that a generalist confuses, of 100 classes: pairs of MNIST's digits side by side; the paper's figures are those of JFT (section 5, table 3)",
    otherTask: true,
    kind: 'specialists',
    seeds: seedsTo(scale.seeds),
    generalist: { title: 'generalist', network, training },
    ...study,
  };
}

function teacherOf({ teacher }: Scale): Model {
  return { ...teacher, title: 'teacher' };
}

function hardStudent(scale: Scale, training: Training = scale.hard): Model {
  return { title: 'hard labels', network: scale.student, training };
}

/** The student on one teacher's soft targets, with changes to the loss and perhaps another training. */
function softStudent(
  scale: Scale,
  changes: Partial<Scale['soft']['loss']> = {},
  training: Training = scale.soft.training,
): Model {
  return {
    title: 'soft targets',
    network: scale.student,
    training,
    lesson: { kind: 'distillation', teacher: teacherOf(scale), ...scale.soft.loss, ...changes },
  };
}

/** The same student by another teacher, as many of it. */
function withTeacher(student: Model, teacher: Model): Model {
  const { title, lesson } = student;
  if (lesson?.kind !== 'distillation') throw new Error('it learns from soft targets');
  return { ...student, title: `${title} of a ${teacher.title}`, lesson: { ...lesson, teacher } };
}

function size({ student }: Scale): string {
  return `the student has ${student.split(',').slice(0, -1).join(' and ')} units`;
}
