import type { Labeled } from '../data/stream.js';
import { log } from '../logarithm.js';

/**
 * Between what losses a training moves: that of the best answer to every sample, and that of the best answer that is
 * the same for all samples. A sum of terms has the sums of its terms' bounds, which is close as long as classes are
 * balanced, and never more than the truth.
 */
export interface Bounds {
  /** No network's mean loss is less: the targets' own entropy. */
  readonly least: number;
  /** The mean loss of a network that has learned how frequent the classes are, and nothing else. */
  readonly constant: number;
  /**
   * Share of constant − least that comes from labels, 0 to 1. How far a loss on labels can fall isn't known: where they
   * don't follow from the inputs it stays high, without anything being wrong.
   */
  readonly hard: number;
}

/** Numbers of soft targets that are looked at: more are sampled evenly, since this is about a digit or two. */
const MOST_NUMBERS = 2 ** 22;

/** Bounds of the cross-entropy with the labels, averaged over all samples; those without a label contribute 0. */
export function labelBounds({ labels, classes, size }: Labeled): Bounds {
  const shares = new Float64Array(classes);
  for (const label of labels) if (label >= 0) shares[label]! += 1 / size;
  return { least: 0, constant: entropy(shares), hard: 1 };
}

/**
 * Bounds of the cross-entropy with alpha·onehot(label) + (1 − alpha)·soft: `soft` has `views` rows of every sample,
 * [size, views, classes].
 */
export function softBounds(
  soft: Float32Array,
  { labels, classes, size }: Labeled,
  { views, alpha }: { views: number; alpha: number },
): Bounds {
  const stride = Math.ceil((size * views * classes) / MOST_NUMBERS);
  const mean = new Float64Array(classes);
  const target = new Float64Array(classes);
  let least = 0;
  let rows = 0;
  for (let row = 0; row < size * views; row += stride) {
    for (let c = 0; c < classes; c++) target[c] = (1 - alpha) * soft[row * classes + c]!;
    const label = labels[Math.floor(row / views)]!;
    if (label >= 0) target[label]! += alpha;
    least += entropy(target);
    for (let c = 0; c < classes; c++) mean[c]! += target[c]!;
    rows++;
  }
  return { least: least / rows, constant: entropy(mean.map((t) => t / rows)), hard: alpha };
}

/** Bounds of Σ weight·loss; none where one of the terms has none, or is to grow. */
export function sumOfBounds(terms: readonly (readonly [number, Bounds | undefined])[]): Bounds | undefined {
  let [least, constant, hard] = [0, 0, 0];
  for (const [weight, bounds] of terms) {
    if (!bounds || weight < 0) return undefined;
    least += weight * bounds.least;
    constant += weight * bounds.constant;
    hard += weight * bounds.hard * (bounds.constant - bounds.least);
  }
  return { least, constant, hard: constant > least ? hard / (constant - least) : 0 };
}

/** −Σ t·ln(t/Σt): the least cross-entropy with a target t, whose sum needn't be 1. */
function entropy(target: Float64Array): number {
  const total = target.reduce((sum, t) => sum + t, 0);
  return target.reduce((sum, t) => (t > 0 ? sum - t * log(t / total) : sum), 0);
}
