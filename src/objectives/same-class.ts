import { checkBoolean, checkNames, checkNumber, checkWhole } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import type { SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { fill, type Tensor } from '../graph/tensor.js';
import { divide, multiply, subtract } from '../ops/binary.js';
import { matmul } from '../ops/matmul.js';
import { oneHot } from '../ops/one-hot.js';
import { sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { relu, shift } from '../ops/unary.js';
import { studentRows } from './embeddings.js';
import { checkLabels, checkMatrices } from './matrices.js';
import type { Step } from './objective.js';
import { identical } from './pairs.js';

/** A batch for losses by pairs of one class and of two. */
export interface LabeledEmbeddings {
  /** [batch, units] */
  embeddings: Tensor;
  /** [batch] i32; −1 = unlabeled, part of no pair. */
  labels: Tensor;
  classes: number;
}

/** What losses by labels share. */
export interface MarginOptions {
  /** How far those of two classes are to be apart. */
  margin?: number | undefined;
  /** Embeddings of length 1. */
  normalize?: boolean | undefined;
}

/** Pairs of a batch, [n, n]: 1 where two samples are of one class or of two, else 0; nobody is paired with itself. */
export interface Pairs {
  same: Tensor;
  other: Tensor;
}

/** @throws DistillError 'bad-argument' */
export function pairsOf(of: string, batch: LabeledEmbeddings): Pairs {
  checkNames(batch, `${of}'s batch`, ['embeddings', 'labels', 'classes']);
  const { embeddings, labels, classes } = batch;
  checkMatrices(of, embeddings);
  checkLabels(of, labels, embeddings);
  checkWhole(classes, `the classes of ${of}`, 1, Infinity);
  const n = embeddings.shape[0]!;
  const label = oneHot(labels, classes);
  const labeled = sum(label, 1);
  const alike = matmul(label, label, { transposeB: true });
  const others = subtract(fill(1, [n, n]), identical(n));
  return {
    same: multiply(alike, others),
    other: subtract(multiply(column(labeled), labeled), alike),
  };
}

/** Σ over its pairs by how many there are; 0 where there are none. */
export function meanOf(total: Tensor, count: Tensor): Tensor {
  return divide(total, shift(relu(shift(count, -1)), 1));
}

/** @throws DistillError 'bad-argument' */
export function checkMargin({ margin, normalize }: MarginOptions, of: string): void {
  checkNumber(margin, `the margin of ${of}`, 'a number above 0', (m) => m > 0 && m < Infinity);
  checkBoolean(normalize, 'normalize');
}

/** Refuses data whose labels make no pair of two classes. */
export function checkClasses({ labels }: Pick<Dataset | SampleStream, 'labels'>, of: string): void {
  const classes = new Set(labels.filter((label) => label >= 0)).size;
  demand(
    classes > 1,
    () =>
      `${of} tells classes from each other, but ${classes === 0 ? 'no sample has a label' : 'all labels are of one class'}: it needs labels of at least two`,
  );
}

/** A step's batch. */
export function labeledRows(step: Step, layer: string | undefined): LabeledEmbeddings {
  const classes = step.student.logits.shape[1]!;
  return { embeddings: studentRows(step, layer), labels: step.labels, classes };
}
