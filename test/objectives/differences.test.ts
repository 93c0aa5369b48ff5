import { describe, expect, test } from 'vitest';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import {
  angleLoss,
  attentionLoss,
  congruenceLoss,
  darkRankLoss,
  decoupledLoss,
  distanceLoss,
  distLoss,
  divergence,
  fspLoss,
  hintLoss,
  logitRegression,
  mutualLoss,
  neighborLoss,
  probabilisticLoss,
  shallowLoss,
  similarityLoss,
  smoothedLoss,
  standardizeLogits,
  tripletLoss,
  verificationLoss,
  virtualTeacherLoss,
} from 'wasm-distill/objectives';
import { evaluateReference } from '#library/backends/reference/evaluate.js';

/** Of the student's matrix, the teacher's and labels: a loss by sample. */
type Loss = (student: Tensor, teacher: Tensor, labels: Tensor) => Tensor;

const onLogits: Record<string, Loss> = {
  divergence: (s, t) => divergence(s, t, 3),
  logits: (s, t) => logitRegression(s, t),
  decoupled: (s, t, labels) =>
    decoupledLoss({ logits: s, teacher: t, labels }, { temperature: 2, alpha: 0.5, beta: 3 }),
  dist: (s, t) => distLoss(s, t, { temperature: 2, beta: 2, gamma: 0.5 }),
  'decoupled of standardized': (s, t, labels) =>
    decoupledLoss(
      { logits: standardizeLogits(s), teacher: standardizeLogits(t), labels },
      { temperature: 1, beta: 2 },
    ),
  standardized: (s, t) => divergence(standardizeLogits(s), standardizeLogits(t), 2),
  smoothed: (s, _, labels) => smoothedLoss(s, labels, 0.2),
  mutual: (s, t, labels) => mutualLoss({ logits: s, peers: [t, ops.scale(t, -1)], labels }, 2),
  'self-distillation': (s, t, labels) =>
    shallowLoss({ logits: s, deepest: t, labels }, { alpha: 0.4, temperature: 2 }),
  neighbors: (s, t) => (s.shape[0] === 1 ? hintLoss(s, t) : neighborLoss(s, t)),
  hints: (s, t) => hintLoss(s, t),
  'hints as common': (s, t) => hintLoss(s, t, { form: 'common' }),
  'virtual teacher': (s, _, labels) => virtualTeacherLoss(s, labels, { correct: 0.9, temperature: 5 }),
};

const onEmbeddings: Record<string, Loss> = {
  similarity: similarityLoss,
  probabilistic: (s, t) => probabilisticLoss(s, t),
  'probabilistic, common': (s, t) => probabilisticLoss(s, t, { form: 'common' }),
  congruence: (s, t) => congruenceLoss(s, t, { gamma: 0.7, order: 3 }),
  distance: distanceLoss,
  angle: angleLoss,
};

/** Ranks two, four or six other samples. */
const onLists: Record<string, Loss> = {
  'a list of two': (s, t) => darkRankLoss(s, t, { length: 2 }),
  'a list of six': (s, t) => darkRankLoss(s, t, { length: 6, alpha: 0.5, beta: 1 }),
  'the orders of four': (s, t) => darkRankLoss(s, t, { ranking: 'soft', alpha: 0.2, beta: 2 }),
  'the orders of six': (s, t) => darkRankLoss(s, t, { ranking: 'soft', length: 6, normalize: true }),
};

const byClass: Record<string, Loss> = {
  verification: (s, _, labels) => verificationLoss(labeled(s, labels), { margin: 3 }),
  'verification of length 1': (s, _, labels) => verificationLoss(labeled(s, labels), { normalize: true }),
  triplets: (s, _, labels) => tripletLoss(labeled(s, labels)),
  'triplets of any length': (s, _, labels) => tripletLoss(labeled(s, labels), { normalize: false }),
  'hard triplets': (s, _, labels) => tripletLoss(labeled(s, labels), { mining: 'hard', margin: 2 }),
};

const labeled = (embeddings: Tensor, labels: Tensor) => ({
  embeddings,
  labels,
  classes: embeddings.shape[1]!,
});

/** Numbers around 0 that are the same everywhere. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647 - 0.5) * 4;
  });
}

interface Case {
  rows: number;
  student: number;
  teacher: number;
  /** The student's numbers (default: any). */
  values?: number[];
}

/** The gradient by the student's matrix, and the slopes of the loss there. */
function both(loss: Loss, { rows, student, teacher, values = numbers(rows * student, 5) }: Case) {
  const s = variable('student', [rows, student]);
  const t = variable('teacher', [rows, teacher]);
  const labels = variable('labels', [rows], 'i32');
  const total = ops.sum(loss(s, t, labels), 0);
  const others: [Tensor, ArrayLike<number>][] = [
    [t, numbers(rows * teacher, 11)],
    [labels, Int32Array.from({ length: rows }, (_, i) => (i % 4 === 3 ? -1 : (i * 2) % student))],
  ];
  const at = (own: readonly number[]) => new Map<Tensor, ArrayLike<number>>([[s, own], ...others]);
  const [gradient] = evaluateReference(gradients(total, [s]), at(values));
  const slopes = values.map((_, i) => {
    const [up, down] = [1e-5, -1e-5].map((step) => {
      const moved = values.map((v, k) => (k === i ? v + step : v));
      return evaluateReference([total], at(moved))[0]![0]!;
    });
    return (up! - down!) / 2e-5;
  });
  return { gradient: [...gradient!], slopes };
}

function expectAlike(gradient: readonly number[], slopes: readonly number[]): void {
  const scale = Math.max(1e-3, ...slopes.map(Math.abs));
  for (const [i, slope] of slopes.entries())
    expect(Math.abs(gradient[i]! - slope)).toBeLessThan(1e-5 * scale + 1e-8);
}

describe.each(Object.entries(onLogits))('the gradient of %s', (_, loss) => {
  test.each([
    // DIST compares a batch's samples, of which there must be two.
    loss === onLogits.dist ? [2, 3] : [1, 3],
    [3, 2],
    [7, 17],
  ])('of %i samples and %i classes is that of finite differences', (rows, classes) => {
    const { gradient, slopes } = both(loss, { rows, student: classes, teacher: classes });
    expectAlike(gradient, slopes);
  });

  test('is finite where all logits are equal, or enormous', () => {
    for (const value of [0, 0.7, 1e4]) {
      const values = Array.from({ length: 12 }, (_, i) => (value > 1 && i % 3 === 0 ? -value : value));
      const { gradient } = both(loss, { rows: 4, student: 3, teacher: 3, values });
      for (const slope of gradient) expect(Number.isFinite(slope)).toBe(true);
    }
  });
});

describe.each(Object.entries(onEmbeddings))('the gradient of %s', (_, loss) => {
  test.each([
    // Of two samples each is the other's only neighbor, whatever the student does, which is refused.
    loss === onEmbeddings.probabilistic ? [4, 1, 3] : [2, 1, 3],
    [3, 17, 5],
    [7, 4, 4],
  ])(
    'of %i samples with %i units, %i of the teacher, is that of finite differences',
    (rows, student, teacher) => {
      const { gradient, slopes } = both(loss, { rows, student, teacher });
      expectAlike(gradient, slopes);
    },
  );

  test('is finite where samples are equal, or all are zero', () => {
    for (const values of [
      new Array<number>(12).fill(0),
      new Array<number>(12).fill(0.7),
      [1, 2, 3, 1, 2, 3, 0, 0, 0, 1, 2, 3],
    ]) {
      const { gradient } = both(loss, { rows: 4, student: 3, teacher: 2, values });
      for (const slope of gradient) expect(Number.isFinite(slope)).toBe(true);
    }
  });

  test('is finite where all others point the other way', () => {
    const { gradient } = both(loss, { rows: 4, student: 1, teacher: 1, values: [1e9, -1e9, -1e9, -1e9] });
    for (const slope of gradient) expect(Number.isFinite(slope)).toBe(true);
  });
});

describe.each([
  ...Object.entries(onLists).map(([name, loss]) => [name, loss, [7, 8]] as const),
  ...Object.entries(byClass).map(([name, loss]) => [name, loss, [3, 9]] as const),
])('the gradient of %s', (_, loss, counts) => {
  test.each(counts.flatMap((rows) => [1, 2, 5].map((units) => [rows, units] as const)))(
    'of %i samples with %i units is that of finite differences',
    (rows, student) => {
      const { gradient, slopes } = both(loss, { rows, student, teacher: 3 });
      expectAlike(gradient, slopes);
    },
  );

  test('is finite where samples are equal, or all are zero', () => {
    const sample = [1, 2, 3];
    for (const values of [
      new Array<number>(24).fill(0),
      new Array<number>(24).fill(0.7),
      [...sample, ...sample, 0, 0, 0, ...sample, 4, 4, 4, 0, 0, 0, ...sample, -1, 0, 1],
    ]) {
      const { gradient } = both(loss, { rows: 8, student: 3, teacher: 2, values });
      for (const slope of gradient) expect(Number.isFinite(slope)).toBe(true);
    }
  });
});

describe.each([
  [{}],
  [{ form: 'common', power: 1 }],
  [{ over: 'mean', power: 3 }],
  [{ over: 'max', power: 4 }],
] as const)('the gradient of attention %o', (options) => {
  test.each([
    [1, [1, 1], [1, 1]],
    [2, [3, 5], [3, 5]],
    [3, [2, 2], [4, 6]],
    [2, [4, 4], [2, 2]],
  ] as const)(
    'of %i samples with maps %o, %o of the teacher, is that of finite differences',
    (rows, own, theirs) => {
      const maps = (x: Tensor, [height, width]: readonly [number, number]) =>
        ops.reshape(x, [rows, height, width, x.shape[1]! / (height * width)]);
      const loss: Loss = (s, t) => attentionLoss(maps(s, own), maps(t, theirs), options);
      const [student, teacher] = [3 * own[0] * own[1], 2 * theirs[0] * theirs[1]];
      const { gradient, slopes } = both(loss, { rows, student, teacher });
      expectAlike(gradient, slopes);
      const dead = both(loss, { rows, student, teacher, values: new Array<number>(rows * student).fill(0) });
      for (const slope of dead.gradient) expect(Number.isFinite(slope)).toBe(true);
    },
  );
});

describe.each([[{}], [{ form: 'common' }]] as const)('the gradient of FSP %o', (options) => {
  test.each([
    [1, [1, 1], [1, 1]],
    [2, [3, 3], [1, 3]],
    [3, [2, 2], [4, 4]],
  ] as const)('of %i samples with maps %o and %o is that of finite differences', (rows, first, last) => {
    const maps = (x: Tensor, from: number, [height, width]: readonly [number, number], channels: number) =>
      ops.reshape(ops.slice(x, { start: [0, from], shape: [rows, height * width * channels] }), [
        rows,
        height,
        width,
        channels,
      ]);
    const split = 3 * first[0] * first[1];
    const section = (x: Tensor) => [maps(x, 0, first, 3), maps(x, split, last, 2)] as const;
    const numbersOf = split + 2 * last[0] * last[1];
    const loss: Loss = (s, t) => fspLoss(section(s), section(t), options);
    const sizes = { rows, student: numbersOf, teacher: numbersOf };
    const { gradient, slopes } = both(loss, sizes);
    expectAlike(gradient, slopes);
    const dead = both(loss, { ...sizes, values: new Array<number>(rows * numbersOf).fill(0) });
    for (const slope of dead.gradient) expect(Number.isFinite(slope)).toBe(true);
  });
});
