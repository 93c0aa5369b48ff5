import { checkNames, checkNumber, isPositive } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { type Shape, size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

/*
 * Batch norm (Ioffe & Szegedy 2015) as three operators. The moments are an input of normalize like any other, so the
 * rules of the first two give the whole gradient, and their own are elementary, to any order.
 */

/** The mean and biased variance of each channel over all else: x […, c] → [2, c]. */
export const momentsRule: ShapeRule<'moments'> = {
  name: 'moments',
  infer: ([x]) => {
    checkChannels('moments', x!);
    return { shape: [2, x!.shape.at(-1)!], dtype: 'f32' };
  },
};

/** x […, c], moments [2, c], scale [c], shift [c] → (x − mean) / √(variance + epsilon)·scale + shift. */
export const normalizeRule: ShapeRule<'normalize'> = {
  name: 'normalize',
  infer: ([x, moments, scale, shift]) => {
    const c = checkChannels('normalize', x!);
    checkRow('normalize', moments!, [2, c]);
    checkRow('normalize', scale!, [c]);
    checkRow('normalize', shift!, [c]);
    return { shape: x!.shape, dtype: 'f32' };
  },
};

/** y and x […, c], moments [2, c] → [2, c]: Σ y and Σ y·(x − mean) by channel. */
export const centeredSumsRule: ShapeRule<'centeredSums'> = {
  name: 'centeredSums',
  infer: ([y, x, moments]) => {
    const c = checkChannels('centeredSums', x!);
    checkRow('centeredSums', y!, x!.shape);
    checkRow('centeredSums', moments!, [2, c]);
    return { shape: [2, c], dtype: 'f32' };
  },
};

function checkChannels(op: string, x: Tensor): number {
  demand(
    x.dtype === 'f32' && x.shape.length >= 2,
    () => `${op}: x must be f32 with channels last, [rows, channels] or more, not ${x.dtype} [${x.shape}]`,
  );
  return x.shape.at(-1)!;
}

function checkRow(op: string, t: Tensor, shape: Shape): void {
  demand(
    t.dtype === 'f32' && t.shape.length === shape.length && t.shape.every((n, i) => n === shape[i]),
    () => `${op}: [${shape}] is needed, not ${t.dtype} [${t.shape}]`,
  );
}

export const momentsOp: Operator<'moments'> = {
  rule: momentsRule,
  reference: ([x], node) => {
    const c = node.shape[1]!;
    const rows = x!.length / c;
    const result = new Float64Array(2 * c);
    x!.forEach((v, i) => {
      result[i % c]! += v / rows;
    });
    x!.forEach((v, i) => {
      result[c + (i % c)]! += (v - result[i % c]!) ** 2 / rows;
    });
    return result;
  },
  cases: () => inputs.map((shape) => ({ inputs: [{ shape }], attributes: {} })),
};

export const normalizeOp: Operator<'normalize'> = {
  rule: normalizeRule,
  reference: ([x, moments, scale, shift], node) => {
    const c = scale!.length;
    return x!.map((v, i) => {
      const j = i % c;
      return (
        ((v - moments![j]!) / Math.sqrt(moments![c + j]! + node.attributes.epsilon)) * scale![j]! + shift![j]!
      );
    });
  },
  cases: () =>
    inputs.map((shape) => {
      const c = shape.at(-1)!;
      return {
        inputs: [{ shape }, { shape: [2, c], data: 'positive' as const }, { shape: [c] }, { shape: [c] }],
        attributes: { epsilon: 0.1 },
      };
    }),
};

export const centeredSumsOp: Operator<'centeredSums'> = {
  rule: centeredSumsRule,
  reference: ([y, x, moments], node) => {
    const c = node.shape[1]!;
    const result = new Float64Array(2 * c);
    y!.forEach((v, i) => {
      const j = i % c;
      result[j]! += v;
      result[c + j]! += v * (x![i]! - moments![j]!);
    });
    return result;
  },
  cases: () =>
    inputs.map((shape) => ({
      inputs: [{ shape }, { shape }, { shape: [2, shape.at(-1)!] }],
      attributes: {},
    })),
};

/** Rows and channels around vectors, blocks and chunks. */
const inputs: readonly Shape[] = [
  [1, 1],
  [3, 1],
  [17, 3],
  [2, 3, 3, 4],
  [5, 16],
  [2, 5, 7, 17],
  [300, 32],
  [1100, 5],
  [70, 130],
];

export interface BatchNormOptions {
  /** Added to the variance (default 1e-5). */
  epsilon?: number;
}

/**
 * (x − mean) / √(variance + epsilon)·scale + shift, by channel: x […, c], scale and shift [c]. The moments, [2, c], are
 * moments(x) in training, when gradients flow through them too, and running statistics otherwise.
 * @throws DistillError 'bad-argument' for shapes that don't fit.
 */
export function normalize(
  x: Tensor,
  moments: Tensor,
  scale: Tensor,
  shift: Tensor,
  options: BatchNormOptions = {},
): Tensor {
  checkNames(options, 'normalize', ['epsilon']);
  const { epsilon = 1e-5 } = options;
  checkNumber(epsilon, 'the epsilon of normalize', 'a positive number', isPositive);
  return apply(normalizeRule, [x, moments, scale, shift], { epsilon: Math.fround(epsilon) });
}

/** The mean and biased variance of each channel over everything else: x […, c] → [2, c]. */
export function moments(x: Tensor): Tensor {
  return apply(momentsRule, [x], {});
}

/** Σ y and Σ y·(x − mean) by channel, [2, c]: what batch norm's gradient needs. */
export function centeredSums(y: Tensor, x: Tensor, own: Tensor): Tensor {
  return apply(centeredSumsRule, [y, x, own], {});
}

/** How many numbers each channel's moments are over. */
export function rowsOf(x: Tensor): number {
  return size(x.shape) / x.shape.at(-1)!;
}

/** Row 0 or 1 of moments or sums, [2, c] → [c]: mean and variance, or the two sums. */
export function rowOf(pair: Tensor, row: 0 | 1): Tensor {
  const c = pair.shape[1]!;
  return reshape(slice(pair, { start: [row, 0], shape: [1, c] }), [c]);
}
