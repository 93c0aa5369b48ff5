import type { Engine } from '../backends/backend.js';
import { checkEngine, shown } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { flattened } from '../nn/layers/flatten.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
import { tapOf } from '../nn/tap-shape.js';
import { type ForwardControl, forward } from './forward.js';

/**
 * What a layer of a network answers for every sample, [size, …shape of the layer's output] row by row: of a convolution
 * [size, height, width, channels], of a dense layer [size, units].
 * @param tap The layer's name or place ("0", "1", …), an activation's with `:pre` for its input.
 * @throws DistillError 'bad-argument' for a layer that there isn't, 'mismatch' for samples that don't fit the network.
 */
export async function activationsOf(
  engine: Engine,
  model: TrainedModel,
  data: Dataset | SampleStream,
  tap: string,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkEngine(engine);
  checkModel(model);
  checkData(data);
  demand(typeof tap === 'string', () => `tap must be a layer's name, not ${shown(tap)}`);
  tapOf(model.architecture, tap, 'the network');
  return forward(engine, [model], data, ([one]) => flattened(one!.at(tap)), control);
}
