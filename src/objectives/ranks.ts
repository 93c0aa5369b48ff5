import { constant, fill, type Tensor } from '../graph/tensor.js';
import { add, mask, multiply, subtract } from '../ops/binary.js';
import { concat } from '../ops/concat.js';
import { matmul } from '../ops/matmul.js';
import { max, sum } from '../ops/reduce.js';
import { column, reshape } from '../ops/reshape.js';
import { stopGradient } from '../ops/stop-gradient.js';
import { exp, log, scale, shift, sign } from '../ops/unary.js';
import { FAR, identical, sequence } from './pairs.js';

/*
 * Orders of samples, and probabilities of them by Plackett and Luce: Π_i exp(s_i)/Σ_{k ≥ i} exp(s_k), the scores s in the
 * order's sequence. Of two samples at one distance the earlier in the batch comes first.
 */

/**
 * For each sample the `length` nearest others by distances [n, n], the nearest first: one-hot rows [n, n] for each place.
 * Finding the least so many times takes n² numbers each; counting who is before whom would take n³.
 */
export function nearest(distances: Tensor, length: number): Tensor[] {
  const n = distances.shape[0]!;
  const earlier = mask(fill(1, [n, n]), scale(sequence(n), -1));
  let left = scale(add(distances, scale(identical(n), FAR)), -1);
  return Array.from({ length }, () => {
    const greatest = shift(sign(subtract(left, column(max(left, 1)))), 1);
    const before = matmul(greatest, earlier);
    const first = mask(greatest, shift(scale(before, -1), 0.5));
    left = subtract(left, scale(first, FAR));
    return first;
  });
}

/** Numbers [n, n] of the samples that one-hot rows choose: [n, places]. */
export function chosen(numbers: Tensor, places: readonly Tensor[]): Tensor {
  return concat(
    places.map((place) => column(sum(multiply(numbers, place), 1))),
    1,
  );
}

/** −log P of the sequence in which the scores [n, length] stand. */
export function orderLoss(scores: Tensor): Tensor {
  const length = scores.shape[1]!;
  const suffixes = Array.from({ length }, (_, from) => range(length).filter((i) => i >= from));
  return subtract(sum(logSums(scores, suffixes), 1), sum(scores, 1));
}

/** log P of every order of the scores [n, length]: [n, length!]. */
export function orderLogs(scores: Tensor): Tensor {
  const length = scores.shape[1]!;
  const orders = ordersOf(range(length));
  // The sums of orders are over sets of samples, of which there are far fewer.
  const sets = range(2 ** length - 1).map((bits) => range(length).filter((i) => ((bits + 1) >> i) & 1));
  const keyOf = (set: readonly number[]) => set.reduce((key, i) => key | (1 << i), 0);
  const suffixes = orders.map((order) => new Set(order.map((_, from) => keyOf(order.slice(from)))));
  const contains = sets.flatMap((set) => suffixes.map((of) => Number(of.has(keyOf(set)))));
  const sums = matmul(logSums(scores, sets), constant(contains, [sets.length, orders.length]));
  return subtract(column(sum(scores, 1)), sums);
}

/**
 * −log P of the order that distances [n, n] give all other samples, by scores [n, n]: for each the sum over all that aren't
 * before it, so that nothing needs to be sorted.
 */
export function wholeOrderLoss(scores: Tensor, distances: Tensor): Tensor {
  const n = scores.shape[0]!;
  const self = identical(n);
  // Itself comes first, and so isn't in any other sample's sum.
  const from = subtract(distances, scale(self, FAR));
  const later = sign(subtract(reshape(from, [n, n, 1]), reshape(from, [n, 1, n])));
  const before = mask(fill(1, [n, n, n]), add(scale(later, 2), sequence(n)));
  const terms = subtract(logSum(reshape(scores, [n, 1, n]), before), scores);
  return sum(multiply(terms, subtract(fill(1, [n, n]), self)), 1);
}

/** log Σ exp over sets of places: [n, places] → [n, sets]. */
function logSums(scores: Tensor, sets: readonly (readonly number[])[]): Tensor {
  const [n, length] = scores.shape as [number, number];
  const without = sets.flatMap((set) => range(length).map((i) => Number(!set.includes(i))));
  return logSum(reshape(scores, [n, 1, length]), constant(without, [1, sets.length, length]));
}

/** log Σ exp over the last axis but where `without` is 1. */
function logSum(scores: Tensor, without: Tensor): Tensor {
  const left = add(scores, scale(without, -FAR));
  const greatest = stopGradient(max(left, 2));
  const spread = reshape(greatest, [...greatest.shape, 1]);
  return add(greatest, log(sum(exp(subtract(left, spread)), 2)));
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function ordersOf(places: readonly number[]): number[][] {
  if (places.length === 0) return [[]];
  return places.flatMap((first) =>
    ordersOf(places.filter((i) => i !== first)).map((rest) => [first, ...rest]),
  );
}
