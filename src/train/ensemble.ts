import type { Session } from '../backends/backend.js';
import type { Tensor } from '../graph/tensor.js';
import type { Architecture } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { type Network, network } from '../nn/network.js';
import { writeWeights } from '../nn/weights.js';
import { add } from '../ops/binary.js';
import { softmax } from '../ops/softmax.js';
import { scale } from '../ops/unary.js';

/** Models of these architectures that lie in one program, told apart by a prefix of their variables' names. */
export function ensembleOf(architectures: readonly Architecture[], prefix: string): Network[] {
  return architectures.map((architecture, i) => network(architecture, { prefix: `${prefix}${i + 1}.` }));
}

/**
 * x [batch, …shape] → mean over the models of softmax(z/T), [batch, classes]: an ensemble's probabilities are averaged,
 * not its logits (Hinton, Vinyals, Dean 2015, section 2).
 */
export function ensembleProbabilities(models: readonly Network[], x: Tensor, temperature: number): Tensor {
  const sum = models.map((model) => softmax(model.forward(x, 'infer').logits, temperature)).reduce(add);
  return scale(sum, 1 / models.length);
}

/** Writes trained weights into the variables of such models, those that the program needs. */
export async function writeEnsemble(
  session: Session,
  models: readonly Network[],
  trained: readonly TrainedModel[],
): Promise<void> {
  for (const [i, model] of models.entries()) await writeWeights(session, model, trained[i]!);
}
