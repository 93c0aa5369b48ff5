import { checkNames, checkNumber, checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { scale } from '../ops/unary.js';
import { keptNumbers } from './kept.js';
import { logitRegression } from './logits.js';
import type { Objective } from './objective.js';

export interface FeaturesOptions {
  /** [size, units]: the activations of the teacher's selected units for each sample. */
  features: Float32Array;
  /** How many units there are: the same number as the student's features. */
  units: number;
  /** Weight of the regression, relative to cross-entropy with the labels. */
  weight: number;
}

/**
 * CE(label) + weight·½‖h − v‖²: the student's features h, its class layer's inputs, learn to match the teacher's
 * selected units v (Luo et al. 2016, section 3). Their numbers are equal: there is no layer in between to be trained
 * too.
 */
export function features(options: FeaturesOptions): Objective {
  checkNames(options, 'features', ['features', 'units', 'weight']);
  const { features: values, units, weight } = options;
  checkWhole(units, 'units', 1, Infinity);
  checkNumber(weight, 'the weight of features', 'a number of at least 0', (w) => w >= 0 && w < Infinity);
  const words = { kept: 'kept features', whose: "the teacher's features" };
  return {
    spec: { kind: 'features', weight },
    ...keptNumbers({ features: { values, shape: [units] } }, words),
    loss: ({ student, columns, labels }) =>
      featureLoss(
        { logits: student.logits, features: student.features, labels, targets: columns.features! },
        weight,
      ),
  };
}

interface FeatureBatch {
  logits: Tensor;
  features: Tensor;
  labels: Tensor;
  targets: Tensor;
}

function featureLoss({ logits, features: own, labels, targets }: FeatureBatch, weight: number): Tensor {
  demand(
    own.shape[1] === targets.shape[1],
    () =>
      `the student's last hidden layer has ${own.shape[1] ?? 0} units, but there are ${targets.shape[1] ?? 0} features: they must be as many`,
  );
  return add(kdLoss(logits, { labels }), scale(logitRegression(own, targets), weight));
}
