import type { Session } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { type Model, mlp } from '../nn/mlp.js';
import { type TrainedModel, weight } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { softmax } from '../ops/softmax.js';
import { scale } from '../ops/unary.js';

/** Models of these architectures that lie in one program, told apart by a prefix of their variables' names. */
export function ensembleOf(architectures: readonly TrainedModel['architecture'][], prefix: string): Model[] {
  return architectures.map(({ layers }, i) => mlp(layers, `${prefix}${i + 1}.`));
}

/**
 * x [batch, inputs] → mean over the models of softmax(z/T), [batch, classes]: an ensemble's probabilities are averaged,
 * not its logits (Hinton, Vinyals, Dean 2015, section 2).
 */
export function ensembleProbabilities(models: readonly Model[], x: Tensor, temperature: number): Tensor {
  const sum = models.map((model) => softmax(model.logits(x), temperature)).reduce(add);
  return scale(sum, 1 / models.length);
}

/** Writes trained weights into the variables of such models, those that the program needs. */
export async function writeEnsemble(
  session: Session,
  models: readonly Model[],
  trained: readonly TrainedModel[],
): Promise<void> {
  for (const [i, { architecture, parameters }] of models.entries()) {
    const names = mlp(architecture.layers).parameters.map(({ name }) => name);
    for (const [j, parameter] of parameters.entries())
      if (session.has(parameter)) await session.write(parameter, weight(trained[i]!, names[j]!));
  }
}

/** @throws DistillError 'mismatch' for a model of other inputs or classes than the data have. */
export function checkFits(layers: readonly number[], data: Dataset): void {
  const pixels = data.height * data.width;
  if (layers[0] !== pixels || layers.at(-1) !== data.classes) {
    throw new DistillError(
      'mismatch',
      `the model takes ${layers[0]} inputs and has ${layers.at(-1)} classes, but the data have ${pixels} pixels and ${data.classes} classes`,
    );
  }
}
