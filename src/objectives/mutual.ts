import { checkList, checkNames, checkTemperature, checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { checkArchitecture } from '../nn/architecture.js';
import type { Architecture } from '../nn/specs.js';
import { add } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { stopGradient } from '../ops/stop-gradient.js';
import { scale } from '../ops/unary.js';
import { checkLabels, checkLogits } from './matrices.js';
import type { Objective } from './objective.js';
import { divergence } from './standardized.js';

export interface MutualOptions {
  /** The student's peers: networks, or so many of the student's own kind with other initial weights (default: 1). */
  peers?: number | readonly Architecture[] | undefined;
  /** Of the peers' probabilities (default 1, the paper's). */
  temperature?: number | undefined;
}

/** A batch's logits, [batch, classes], by the network and by its peers, and its labels, [batch] i32. */
export interface MutualBatch {
  logits: Tensor;
  peers: readonly Tensor[];
  labels: Tensor;
}

const MOST_PEERS = 16;

/**
 * CE(label) + the mean over the peers of T²·KL(peer ‖ own), by sample (Zhang et al., Deep Mutual Learning, CVPR 2018,
 * equations 5 and 9). The peers' logits are constants.
 */
export function mutualLoss(batch: MutualBatch, temperature = 1): Tensor {
  checkNames(batch, 'mutualLoss', ['logits', 'peers', 'labels']);
  const { logits, peers, labels } = batch;
  checkTemperature(temperature);
  checkList(peers, 'peers', 'tensors of logits', (peer) => typeof peer === 'object' && peer !== null);
  demand(peers.length > 0, 'mutualLoss needs the logits of at least one peer');
  for (const peer of peers) checkLogits('mutualLoss', logits, peer);
  checkLabels('mutualLoss', labels, logits);
  const apart = peers.map((peer) => divergence(logits, stopGradient(peer), temperature)).reduce(add);
  return add(kdLoss(logits, { labels }), scale(apart, 1 / peers.length));
}

/**
 * Students that teach each other, without a teacher: each learns from the labels and from the others' probabilities. All
 * move by the same step, where the paper lets them take turns; the student is the one that is kept.
 * @throws DistillError 'bad-argument'
 */
export function mutual(options: MutualOptions = {}): Objective {
  checkNames(options, 'mutual', ['peers', 'temperature']);
  const { peers = 1, temperature = 1 } = options;
  checkTemperature(temperature);
  if (typeof peers === 'number') checkWhole(peers, 'peers', 1, MOST_PEERS);
  else {
    checkList(peers, 'peers', 'architectures, or their number', (one) => typeof one === 'object');
    demand(peers.length > 0 && peers.length <= MOST_PEERS, `mutual takes 1 to ${MOST_PEERS} peers`);
    for (const peer of peers) checkArchitecture(peer);
  }
  return {
    spec: { kind: 'mutual', peers, temperature },
    helpers: (student) => {
      const own = typeof peers === 'number' ? Array.from({ length: peers }, () => student) : peers;
      // All see the same samples, and take them as the student does.
      const named = own.map(({ layers }, i) => [`peer${i + 1}`, { input: student.input, layers }] as const);
      return Object.fromEntries(named);
    },
    loss: ({ student, helpers, inputs, labels }) => {
      const all = [
        student.logits,
        ...Object.values(helpers).map((peer) => peer.forward(inputs, 'train').logits),
      ];
      const losses = all.map((logits) =>
        mutualLoss({ logits, peers: all.filter((other) => other !== logits), labels }, temperature),
      );
      return losses.reduce(add);
    },
  };
}
