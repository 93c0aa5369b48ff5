import { kdLoss } from '../ops/kd-loss.js';
import type { Objective } from './objective.js';

/** Cross-entropy with the labels: what a network learns from that nobody teaches. Unlabeled samples count as nothing. */
export function labels(): Objective {
  return {
    spec: { kind: 'labels' },
    loss: (step) => kdLoss(step.student.logits, { labels: step.labels }),
  };
}
