import type { Engine } from '../backends/backend.js';
import { checkEngine, checkNames, shown } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, inputsLike, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { CONTROL_NAMES, type ForwardControl, forward } from '../evaluate/forward.js';
import type { Shape } from '../graph/shape.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
import { tapOf } from '../nn/tap-shape.js';
import { type AttentionMaps, attentionMap } from './attention.js';
import { checkSomeLabeled, gradientMap } from './gradient-map.js';

export interface AttentionOfOptions extends Pick<AttentionMaps, 'power' | 'over'>, ForwardControl {}

/** Numbers of samples, [size, …shape]. */
export interface SampleMaps {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/**
 * Where a layer of a network attends to in every sample, as attention() compares it (attentionMap): numbers of at least 0,
 * of the shape [height, width].
 * @throws DistillError 'bad-argument' for a layer that there isn't or that is no map of an image, 'mismatch' for samples
 * that don't fit the network.
 */
export async function attentionOf(
  engine: Engine,
  model: TrainedModel,
  data: Dataset | SampleStream,
  layer: string,
  options: AttentionOfOptions = {},
): Promise<SampleMaps> {
  checkEngine(engine);
  checkModel(model);
  checkData(data);
  checkNames(options, 'attentionOf', ['power', 'over', ...CONTROL_NAMES]);
  demand(typeof layer === 'string', () => `layer must be a layer's name, not ${shown(layer)}`);
  const { power, over, ...control } = options;
  const { shape } = tapOf(model.architecture, layer, 'the network');
  const maps = { power, over };
  const values = await forward(engine, [model], data, ([one]) => attentionMap(one!.at(layer), maps), control);
  return { shape: shape.slice(0, 2), values };
}

/**
 * How the loss on every sample's label depends on each of its numbers, as gradientAttention() compares it (gradientMap):
 * numbers of either sign, of the samples' own shape; zeros for those without a label. Running as in inference, batch norm
 * keeps samples apart.
 * @throws DistillError 'bad-argument' for data without labels, 'mismatch' for samples that don't fit the network.
 */
export async function gradientsOf(
  engine: Engine,
  model: TrainedModel,
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<SampleMaps> {
  checkEngine(engine);
  checkModel(model);
  checkData(data);
  checkSomeLabeled(data, 'gradientsOf');
  const values = await forward(
    engine,
    [model],
    data,
    ([one], { inputs, labels }) => gradientMap({ logits: one!.logits, labels, inputs }),
    control,
  );
  return { shape: inputsLike(data).shape, values };
}
