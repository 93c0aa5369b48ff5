import type { Session } from '../backends/backend.js';
import { checkModel, type TrainedModel, weightOf } from './model-file.js';
import { checkNetwork, type Network } from './network.js';

/**
 * Writes trained weights to a network's variables, as far as the session's plans use them.
 * @throws DistillError 'bad-argument' if the model doesn't belong to this network.
 */
export async function writeWeights(session: Session, network: Network, trained: TrainedModel): Promise<void> {
  checkNetwork(network);
  checkModel(trained);
  for (const parameter of network.parameters)
    if (session.has(parameter.variable))
      await session.write(parameter.variable, weightOf(trained, parameter));
}
