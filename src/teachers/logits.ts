import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { type ForwardControl, forward } from '../evaluate/forward.js';
import { meanLogits } from '../nn/ensemble.js';
import type { TrainedModel } from '../nn/model-file.js';
import { checkTeachers } from './soft-targets.js';

/** The teachers' averaged logits (not probabilities) for every sample: [size, classes]. */
export async function logitsOf(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkTeachers(teachers);
  return forward(engine, teachers, data, (models) => meanLogits(models.map(({ logits }) => logits)), control);
}
