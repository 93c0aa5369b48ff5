import { kdLoss } from '../ops/kd-loss.js';
import type { Objective } from './objective.js';

/** Cross-entropy with the labels, for a network without a teacher. Unlabeled samples contribute nothing. */
export function labels(): Objective {
  return {
    spec: { kind: 'labels' },
    loss: (step) => kdLoss(step.student.logits, { labels: step.labels }),
  };
}
