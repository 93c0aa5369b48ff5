import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { scale } from '../ops/unary.js';
import type { Engine } from '../runtime/engine.js';
import { checkFits } from '../train/ensemble.js';
import { type ForwardControl, forward } from '../train/forward.js';

/** The teachers' logits, averaged (not their probabilities), of every sample: [size, classes]. */
export async function logitsOf(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  control: ForwardControl = {},
): Promise<Float32Array> {
  if (teachers.length === 0) throw new DistillError('bad-argument', 'at least one teacher is needed');
  for (const { architecture } of teachers) checkFits(architecture.layers, data);
  return forward(
    engine,
    teachers,
    data,
    (models, x) => scale(models.map((model) => model.logits(x)).reduce(add), 1 / models.length),
    control,
  );
}
