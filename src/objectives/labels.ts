import { checkNames, checkTemperature } from '../checks.js';
import { kdLoss } from '../ops/kd-loss.js';
import { scale } from '../ops/unary.js';
import { labelBounds, sumOfBounds } from './bounds.js';
import type { Objective } from './objective.js';
import { clippedRate } from './rate.js';

export interface LabelsOptions {
  /** T of the network's softmax while it learns (default 1). */
  temperature?: number | undefined;
}

/**
 * T²·cross-entropy of softmax(z/T) with the labels, for a network without a teacher; T = 1 unless given. Unlabeled
 * samples contribute nothing.
 *
 * With another T, a teacher learns logits that are about T times as large: it decides alike, but its probabilities are
 * those of softmax(z/T). Ask for them at that T (docs/losses.md says what this does to soft targets). T² keeps the
 * curvature by the logits, and thus the rates at which a training lives; the default recipe's clip takes off that the
 * gradient is T times as large.
 * @throws DistillError 'bad-argument' for an invalid temperature.
 */
export function labels(options: LabelsOptions = {}): Objective {
  checkNames(options, 'labels', ['temperature']);
  const { temperature = 1 } = options;
  checkTemperature(temperature);
  const squared = temperature * temperature;
  return {
    spec: { kind: 'labels', ...(temperature !== 1 && { temperature }) },
    ...(temperature !== 1 && { rate: clippedRate }),
    bounds: (data) => sumOfBounds([[squared, labelBounds(data)]]),
    loss: (step) => {
      const loss = kdLoss(step.student.logits, { labels: step.labels, temperature });
      return temperature === 1 ? loss : scale(loss, squared);
    },
  };
}
