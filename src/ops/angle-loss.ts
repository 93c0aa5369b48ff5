import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { sameShape } from '../graph/shape.js';
import { checkF32, type Tensor } from '../graph/tensor.js';
import type { CaseInput, Operator } from './operator.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

/**
 * What cosines of all n³ angles are made from, each [n, n]: that at i between j and k is (products_jk + offsets_ij +
 * offsets_ik)·scales_ij·scales_ik.
 */
export interface Angles {
  products: Tensor;
  offsets: Tensor;
  scales: Tensor;
}

/**
 * For each sample i the mean over all j and k of Huber's loss (δ = 1) of how far a student's cosine is from its teacher's,
 * [n]. Inputs: the student's and the teacher's products, offsets and scales. An operator of its own, as a step of
 * elementary ones goes over n³ numbers some 40 times: a student of 3,262 parameters then took three times as long as by KD.
 */
const angleLossRule: ShapeRule<'angleLoss'> = {
  name: 'angleLoss',
  infer: (inputs) => ({ shape: [checked(inputs)], dtype: 'f32' }),
};

export const angleLossOp: Operator<'angleLoss'> = {
  rule: angleLossRule,
  reference: (inputs, node) => {
    const [n] = node.shape as [number];
    const losses = new Float64Array(n);
    forEachAngle(n, inputs, (i, _j, _k, apart) => {
      const slope = clamped(apart);
      losses[i]! += (slope * (apart - slope / 2)) / (n * n);
    });
    return losses;
  },
  cases: () => casesWith([]),
};

/** [3, n, n]: the gradients of the student's products, offsets and scales. Inputs as of the loss, then its gradient, [n]. */
const angleLossGradientRule: ShapeRule<'angleLossGradient'> = {
  name: 'angleLossGradient',
  infer: (inputs) => {
    const n = checked(inputs.slice(0, -1));
    const upstream = inputs.at(-1)!;
    checkF32('angleLossGradient', [upstream]);
    demand(
      sameShape(upstream.shape, [n]),
      () => `angleLossGradient: a gradient of [${n}] is needed, not of [${upstream.shape}]`,
    );
    return { shape: [3, n, n], dtype: 'f32' };
  },
};

export const angleLossGradientOp: Operator<'angleLossGradient'> = {
  rule: angleLossGradientRule,
  reference: (inputs, node) => {
    const [, n] = node.shape as [number, number, number];
    const [products, offsets, scales] = inputs as [Float64Array, Float64Array, Float64Array];
    const result = new Float64Array(3 * n * n);
    const [toProducts, toOffsets, toScales] = [0, 1, 2].map((m) =>
      result.subarray(m * n * n, (m + 1) * n * n),
    );
    forEachAngle(n, inputs, (i, j, k, apart) => {
      const [ij, ik, jk] = [i * n + j, i * n + k, j * n + k];
      const toAngle = (inputs.at(-1)![i]! * clamped(apart)) / (n * n);
      const inner = products[jk]! + offsets[ij]! + offsets[ik]!;
      const toInner = toAngle * scales[ij]! * scales[ik]!;
      toProducts![jk]! += toInner;
      toOffsets![ij]! += toInner;
      toOffsets![ik]! += toInner;
      toScales![ij]! += toAngle * inner * scales[ik]!;
      toScales![ik]! += toAngle * inner * scales[ij]!;
    });
    return result;
  },
  cases: () => casesWith([{ shape: [] }]),
};

/** How many samples there are. */
function checked(inputs: readonly Tensor[]): number {
  checkF32('angleLoss', inputs);
  const n = inputs[0]!.shape[0]!;
  demand(
    inputs.length === 6 && inputs.every(({ shape }) => sameShape(shape, [n, n])),
    () =>
      `angleLoss: six square matrices of one size are needed, not [${inputs.map(({ shape }) => shape).join('], [')}]`,
  );
  return n;
}

function clamped(x: number): number {
  return Math.max(-1, Math.min(1, x));
}

function forEachAngle(
  n: number,
  [products, offsets, scales, teacherProducts, teacherOffsets, teacherScales]: readonly Float64Array[],
  visit: (i: number, j: number, k: number, apart: number) => void,
): void {
  const at = (i: number, j: number, k: number, p: Float64Array, o: Float64Array, s: Float64Array) =>
    (p[j * n + k]! + o[i * n + j]! + o[i * n + k]!) * s[i * n + j]! * s[i * n + k]!;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++)
        visit(
          ...([i, j, k] as const),
          at(i, j, k, products!, offsets!, scales!) -
            at(i, j, k, teacherProducts!, teacherOffsets!, teacherScales!),
        );
}

/** Fewer samples than a vector has lanes, and rests; differences of normal numbers lie on all three parts of Huber's. */
function casesWith(
  upstream: readonly CaseInput[],
): { inputs: CaseInput[]; attributes: Record<string, never> }[] {
  return [1, 3, 4, 5].map((n) => ({
    inputs: [
      ...Array.from({ length: 6 }, () => ({ shape: [n, n] })),
      ...upstream.map(() => ({ shape: [n] })),
    ],
    attributes: {},
  }));
}

/** For each sample the mean of Huber's loss (δ = 1) between cosines of a student and of its teacher: [n]. */
export function angleLoss(student: Angles, teacher: Angles): Tensor {
  const parts = ({ products, offsets, scales }: Angles) => [products, offsets, scales];
  return apply(angleLossRule, [...parts(student), ...parts(teacher)], {});
}

/** The gradients of the student's products, offsets and scales, given the loss's and its gradient. */
export function angleLossGradient(inputs: readonly Tensor[], upstream: Tensor): Tensor[] {
  return matricesOf(apply(angleLossGradientRule, [...inputs, upstream], {}));
}

/** [m, n, n] as m matrices. */
export function matricesOf(x: Tensor): Tensor[] {
  const [count, ...shape] = x.shape as [number, number, number];
  return Array.from({ length: count }, (_, m) =>
    reshape(slice(x, { start: [m, 0, 0], shape: [1, ...shape] }), shape),
  );
}
