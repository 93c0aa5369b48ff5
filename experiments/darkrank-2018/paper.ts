import type { LessonTerm } from 'wasm-distill/jobs';
import type { DataName } from '../data-sets.ts';
import { dataSet } from '../data-sets.ts';
import type { Experiment, Row } from '../experiment.ts';
import { type Model, seedsTo, type Training } from '../model.ts';
import type { Limits } from '../paper.ts';
import type { Samples } from '../samples.ts';
import { HOW, scaledPaper } from '../scaled-paper.ts';
import { alone, LABELS, taughtBy } from '../taught.ts';

export interface Scale extends Limits {
  seeds: number;
  samples: Samples & { classes: readonly number[] };
  retrieved: readonly number[];
  /** Without the layer of classes: what it takes is the embedding. */
  teacher: { network: string; training: Training };
  student: { network: string; training: Training };
}

/**
 * What trains embeddings by labels: softmax, verification and triplet loss, as the survey's entry has all three. These
 * weights and DarkRank's are tuned on the split (tuning.md).
 */
const BY_LABELS: readonly LessonTerm[] = [
  LABELS,
  { weight: 0.01, objective: 'verification' },
  { weight: 0.1, objective: 'triplet' },
];

const DARKRANK = [
  { ranking: 'hard', weight: 3 },
  { ranking: 'soft', weight: 30 },
] as const;

const LEARNED = 'error on the learned classes';

export function experiments(scale: Scale): Experiment[] {
  return (['fashion-mnist', 'cifar-10'] as const).map((data) => retrievalOf(scale, data));
}

/** Embeddings are trained on some classes and find images of others. */
function retrievalOf(scale: Scale, data: DataName): Experiment {
  const { samples, retrieved } = scale;
  const last = ({ network, training }: Scale['teacher']) => ({
    ...{ network: `${network} dense${samples.classes.length}`, training },
  });
  const all: Samples = { classes: samples.classes, alone: true };
  const teacher: Model = {
    title: 'teacher',
    ...last(scale.teacher),
    samples: all,
    lesson: alone(...BY_LABELS),
  };
  const ways = [
    { what: 'softmax', lesson: alone(LABELS) },
    { what: 'softmax + verification + triplet', lesson: alone(...BY_LABELS) },
    ...DARKRANK.map(({ ranking, weight }) => ({
      what: `the three + DarkRank, ${ranking}`,
      lesson: taughtBy(teacher, ...BY_LABELS, { weight, objective: 'darkrank', options: { ranking } }),
    })),
  ];
  const models = [
    ...ways.map(({ what, lesson }) => {
      const model: Model = { title: what, ...last(scale.student), samples, lesson };
      return { what, model, seeds: seedsTo(scale.seeds) };
    }),
    { what: 'the teacher', model: teacher, seeds: [1] },
  ];
  const by = (name: string, measure: Pick<Row, 'measure' | 'retrieved'>): Row[] =>
    models.map(({ what, ...row }) => ({ what: `${what}: ${name}`, ...row, ...measure }));
  const rows = [
    ...(['recall at 1', 'mean average precision'] as const).flatMap((measure) =>
      by(measure, { measure, retrieved }),
    ),
    ...by(LEARNED, { measure: 'error' }),
  ];
  return {
    name: `darkrank-${data}`,
    shows: `how embeddings that learned classes ${samples.classes.join(', ')} of ${dataSet(data).title} find test images of classes ${retrieved.join(', ')}, with and without a teacher's rankings`,
    ...{ data, withoutNumbers: true, kind: 'comparison', rows, stepsTo: `softmax: ${LEARNED}` },
  };
}

const FULL: Scale = {
  seeds: 3,
  samples: { classes: [0, 1, 2, 3, 4], alone: true, each: 600 },
  retrieved: [5, 6, 7, 8, 9],
  teacher: {
    network: 'conv16k5v pool conv32k5v pool dense128',
    training: { epochs: 10, batch: 50, augment: [{ mirror: true }] },
  },
  student: { network: 'conv4k5s2v conv12k5v pool dense32', training: { epochs: 30, batch: 50 } },
};

export const darkrank2018 = scaledPaper<Scale>(
  {
    name: 'darkrank-2018',
    title: 'DarkRank (Chen, Wang and Zhang 2018)',
    introduction: `# Results: DarkRank

Student and teacher are trained on some classes. Each test image of the *other* classes then searches all others of these by its
embedding (the input of the last layer): recall at 1 is the share whose nearest neighbor has its class, beside the mean average
precision. Steps are counted on test images of the classes that were learned. The paper's data, persons seen by several cameras,
aren't available here. Weights are 0.01 of verification, 0.1 of triplets, and of DarkRank 3, hard, and 30, soft: tuned on
Fashion-MNIST's training images (tuning.md beside the full results), the same for CIFAR-10.

${HOW}`,
  },
  experiments,
  {
    full: FULL,
    quick: {
      ...{ ...FULL, limit: 5000, tested: 2000, seeds: 1, samples: { ...FULL.samples, each: 100 } },
      teacher: { network: 'conv8k5s2v conv16k5v pool dense32', training: { epochs: 4, batch: 50 } },
      student: { ...FULL.student, training: { epochs: 5, batch: 50 } },
    },
  },
);
