import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/binary.js';
import { softmax } from '../ops/softmax.js';
import { scale } from '../ops/unary.js';

/**
 * Mean of softmax(z/T) over the models, [batch, classes]: an ensemble's probabilities are averaged, not its logits
 * (Hinton, Vinyals, Dean 2015, section 2).
 */
export function meanProbabilities(logits: readonly Tensor[], temperature: number): Tensor {
  return mean(logits.map((z) => softmax(z, temperature)));
}

/** Mean of the logits over the models, [batch, classes]. */
export function meanLogits(logits: readonly Tensor[]): Tensor {
  return mean(logits);
}

function mean(tensors: readonly Tensor[]): Tensor {
  return scale(tensors.reduce(add), 1 / tensors.length);
}
