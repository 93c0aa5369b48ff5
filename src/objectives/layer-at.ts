import { DistillError } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { Activations } from '../nn/network.js';

/** A layer's output; an error says whose layers they are. */
export function layerAt(activations: Activations, layer: string, whose: string): Tensor {
  try {
    return activations.at(layer);
  } catch (cause) {
    throw new DistillError('bad-argument', `${whose}: ${(cause as Error).message}`, { cause });
  }
}
