import { checkNames } from '../checks.js';
import type { Tensor } from '../graph/tensor.js';
import { add, multiply, square } from '../ops/binary.js';
import { sum } from '../ops/reduce.js';
import { relu, scale, shift } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { checkLayers } from './embeddings.js';
import type { Objective } from './objective.js';
import { distancesOf, squaredDistances } from './pairs.js';
import {
  checkClasses,
  checkMargin,
  type LabeledEmbeddings,
  labeledRows,
  type MarginOptions,
  meanOf,
  pairsOf,
} from './same-class.js';

export interface VerificationOptions extends MarginOptions {
  /** The student's layer, by its name (default: its features, what its last layer with weights takes). */
  layer?: string | undefined;
}

/**
 * Verification by sample (Sun et al., Deep Learning Face Representation by Joint Identification-Verification, NIPS 2014,
 * equation 2; the contrastive loss of Hadsell et al., CVPR 2006): the mean over the sample's pairs in the batch of ½d² if
 * both are of one class, else of ½·max(0, margin − d)². Unlabeled samples take no part. The margin is 1 unless given.
 */
export function verificationLoss(batch: LabeledEmbeddings, options: MarginOptions = {}): Tensor {
  checkNames(options, 'verificationLoss', ['margin', 'normalize']);
  const { margin, normalize } = checked(options);
  const { same, other } = pairsOf('verificationLoss', batch);
  const x = normalize ? unitRows(batch.embeddings) : batch.embeddings;
  const lacking = relu(shift(scale(distancesOf(x).distances, -1), margin));
  const together = multiply(same, squaredDistances(x));
  const apart = multiply(other, square(lacking));
  return scale(meanOf(sum(add(together, apart), 1), sum(add(same, other), 1)), 0.5);
}

function checked({ margin = 1, normalize = false }: MarginOptions) {
  checkMargin({ margin, normalize }, 'verification');
  return { margin, normalize };
}

/**
 * Samples of one class together, those of others apart (docs/objectives.md), beside labels(): it takes no teacher.
 * @throws DistillError 'bad-argument'
 */
export function verification(options: VerificationOptions = {}): Objective {
  checkNames(options, 'verification', ['layer', 'margin', 'normalize']);
  const { layer, ...given } = options;
  checkLayers({ layer });
  const own = checked(given);
  return {
    spec: { kind: 'verification', ...own, ...(layer !== undefined && { layer }) },
    check: (data) => checkClasses(data, 'verification'),
    loss: (step) => verificationLoss(labeledRows(step, layer), own),
  };
}
