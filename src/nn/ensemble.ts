import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/binary.js';
import { softmax } from '../ops/softmax.js';
import { scale } from '../ops/unary.js';

/**
 * Mean over the models of softmax(z/T), [batch, classes]: an ensemble's probabilities are averaged, not its logits
 * (Hinton, Vinyals, Dean 2015, section 2).
 */
export function meanProbabilities(logits: readonly Tensor[], temperature: number): Tensor {
  return mean(logits.map((z) => softmax(z, temperature)));
}

/** Mean over the models of their logits, [batch, classes]. */
export function meanLogits(logits: readonly Tensor[]): Tensor {
  return mean(logits);
}

function mean(tensors: readonly Tensor[]): Tensor {
  return scale(tensors.reduce(add), 1 / tensors.length);
}
