import { checkNames, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { fill, type Tensor } from '../graph/tensor.js';
import { mask, multiply, subtract } from '../ops/binary.js';
import { max, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { relu, scale, shift } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { checkLayers } from './embeddings.js';
import type { Objective } from './objective.js';
import { distancesOf, FAR, squaredDistances } from './pairs.js';
import {
  checkClasses,
  checkMargin,
  type LabeledEmbeddings,
  labeledRows,
  type MarginOptions,
  meanOf,
  type Pairs,
  pairsOf,
} from './same-class.js';

export interface TripletForm extends MarginOptions {
  /** 'all' (default) triplets of the batch; 'hard': each sample's farthest of its class with its nearest of another. */
  mining?: 'all' | 'hard' | undefined;
}

export interface TripletOptions extends TripletForm {
  /** The student's layer, by its name (default: its features, what its last layer with weights takes). */
  layer?: string | undefined;
}

/**
 * Triplets by sample a: max(0, ‖a − p‖² − ‖a − n‖² + margin), the mean over all pairs of a sample p of its class and a
 * sample n of another (Schroff et al., FaceNet, CVPR 2015, section 3.1). With hard mining the farthest p and the nearest n
 * by distances that aren't squared (Hermans et al., In Defense of the Triplet Loss, 2017, batch hard). Embeddings have length
 * 1 unless told; unlabeled samples take no part; the margin is 0.2 unless given.
 */
export function tripletLoss(batch: LabeledEmbeddings, options: TripletForm = {}): Tensor {
  checkNames(options, 'tripletLoss', ['margin', 'normalize', 'mining']);
  const { margin, normalize, mining } = checked(options);
  const pairs = pairsOf('tripletLoss', batch);
  const n = batch.embeddings.shape[0]!;
  demand(n > 2, () => `triplets need batches of at least 3, not ${n}: give a larger batch or more samples`);
  const x = normalize ? unitRows(batch.embeddings) : batch.embeddings;
  return mining === 'all'
    ? overAll(squaredDistances(x), pairs, margin)
    : overHardest(distancesOf(x).distances, pairs, margin);
}

function overAll(distances: Tensor, { same, other }: Pairs, margin: number): Tensor {
  const n = distances.shape[0]!;
  const [first, second] = [
    [n, n, 1],
    [n, 1, n],
  ] as const;
  const closer = subtract(reshape(distances, first), reshape(distances, second));
  const valid = multiply(reshape(same, first), reshape(other, second));
  const total = sum(sum(mask(relu(shift(closer, margin)), valid), 2), 1);
  return meanOf(total, multiply(sum(same, 1), sum(other, 1)));
}

function overHardest(distances: Tensor, { same, other }: Pairs, margin: number): Tensor {
  const farthest = max(mask(distances, same), 1);
  const none = subtract(fill(1, other.shape), other);
  const nearest = scale(max(subtract(scale(distances, -1), scale(none, FAR)), 1), -1);
  const lacking = relu(shift(subtract(farthest, nearest), margin));
  return mask(lacking, multiply(sum(same, 1), sum(other, 1)));
}

function checked({ margin = 0.2, normalize = true, mining = 'all' }: TripletForm) {
  checkMargin({ margin, normalize }, 'triplet');
  checkWord(mining, 'mining', ['all', 'hard']);
  return { margin, normalize, mining };
}

/**
 * Each sample nearer to those of its class than to others (docs/objectives.md), beside labels(): it takes no teacher.
 * @throws DistillError 'bad-argument'
 */
export function triplet(options: TripletOptions = {}): Objective {
  checkNames(options, 'triplet', ['layer', 'margin', 'normalize', 'mining']);
  const { layer, ...given } = options;
  checkLayers({ layer });
  const own = checked(given);
  return {
    spec: { kind: 'triplet', ...own, ...(layer !== undefined && { layer }) },
    check: (data) => checkClasses(data, 'the triplet loss'),
    loss: (step) => tripletLoss(labeledRows(step, layer), own),
  };
}
