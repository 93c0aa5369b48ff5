import { constant, fill, type Tensor } from '../graph/tensor.js';
import { add, mask, square, subtract } from '../ops/binary.js';
import { matmul } from '../ops/matmul.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { stopGradient } from '../ops/stop-gradient.js';
import { abs, relu, scale, shift, sign, sqrt } from '../ops/unary.js';

/** Squared distances below this share of their mean are those of equal samples, which f32 doesn't give as 0. */
const EQUAL = 1e-6;

/** Past any distance, and any score. */
export const FAR = 1e30;

/**
 * Squared distances of all pairs of rows, [n, n]. Rows are moved to their mean first: else f32 would cancel. With
 * `fixed`, row i of them moves all samples but i itself.
 */
export function squaredDistances(x: Tensor, options: { fixed?: boolean } = {}): Tensor {
  return squaredOf(x, options).squared;
}

/** With what they are made from: inner products of the moved rows, and of each with itself. */
function squaredOf(x: Tensor, { fixed = false }: { fixed?: boolean } = {}) {
  const center = mean(x, 0);
  const moved = subtract(x, fixed ? stopGradient(center) : center);
  const lengths = sum(square(moved), 1);
  const [from, fromLengths] = fixed ? [stopGradient(moved), stopGradient(lengths)] : [moved, lengths];
  const products = matmul(from, moved, { transposeB: true });
  const squared = relu(subtract(add(column(fromLengths), lengths), scale(products, 2)));
  return { squared, products, lengths };
}

export interface Distances {
  /** [n, n] */
  distances: Tensor;
  /** 1 where two samples differ, else 0. */
  differ: Tensor;
  /** Distances, and 1 where there is none: to be divided by. */
  safe: Tensor;
  /** Inner products of rows less their mean, [n, n]. */
  products: Tensor;
  /** Those of a row with itself, [n]. */
  lengths: Tensor;
}

/** Distances of all pairs of rows; those of equal samples are 0, without a gradient. */
export function distancesOf(x: Tensor): Distances {
  const { squared, products, lengths } = squaredOf(x);
  const apart = subtract(squared, scale(mean(squared), EQUAL));
  const ones = fill(1, squared.shape);
  const differ = mask(ones, apart);
  // The root's gradient at 0 isn't finite: a 1 stands there under it.
  const safe = sqrt(add(mask(squared, apart), subtract(ones, differ)));
  return { distances: mask(safe, apart), differ, safe, products, lengths };
}

/** For row j and column k of n samples: 1 where k < j, −1 where k > j, else 0. */
export function sequence(n: number): Tensor {
  const places = constant(
    Array.from({ length: n }, (_, i) => i),
    [n],
  );
  return sign(subtract(column(places), places));
}

/** 1 for a sample and itself, else 0: [n, n]. */
export function identical(n: number): Tensor {
  return shift(scale(abs(sequence(n)), -1), 1);
}
