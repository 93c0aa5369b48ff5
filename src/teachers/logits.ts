import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import type { SampleStream } from '../data/stream.js';
import { type ForwardControl, forward } from '../evaluate/forward.js';
import { meanLogits } from '../nn/ensemble.js';
import { checkModels, type TrainedModel } from '../nn/model-file.js';

/** The teachers' averaged logits (not probabilities) for every sample: [size, classes]. */
export async function logitsOf(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkModels(teachers, 'teachers');
  return forward(engine, teachers, data, (models) => meanLogits(models.map(({ logits }) => logits)), control);
}
