import type { Engine } from '../backends/backend.js';
import { type Dataset, samplesOf } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { checkFits } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add, square, sub } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import { type ForwardControl, forward } from '../train/forward.js';

/** The teachers' logits, averaged (not their probabilities), of every sample: [size, classes]. */
export async function logitsOf(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  control: ForwardControl = {},
): Promise<Float32Array> {
  if (teachers.length === 0) throw new DistillError('bad-argument', 'at least one teacher is needed');
  for (const { architecture } of teachers) checkFits(architecture, samplesOf(data));
  return forward(
    engine,
    teachers,
    data,
    (models, x) =>
      scale(models.map((model) => model.forward(x, 'infer').logits).reduce(add), 1 / models.length),
    control,
  );
}

/**
 * Regression on logits by sample: ½‖z − v‖², z [batch, classes] the student's, v the teachers' → [batch] (Ba & Caruana
 * 2014, equation 1). It is what distillation comes to at a high temperature (Hinton, Vinyals, Dean 2015, section 2.1):
 * the gradient of T²·CE at T tends to 1/classes of this one's where both are centered, so that the mean over the classes,
 * which no softmax sees, counts for nothing.
 */
export function logitRegression(logits: Tensor, targets: Tensor, centered = false): Tensor {
  const difference = sub(logits, targets);
  return scale(sum(square(centered ? aboutMean(difference) : difference), 1), 0.5);
}

/** Each row less its mean. */
function aboutMean(x: Tensor): Tensor {
  return sub(x, reshape(mean(x, 1), [x.shape[0]!, 1]));
}
