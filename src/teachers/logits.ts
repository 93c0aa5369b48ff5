import type { Engine } from '../backends/backend.js';
import { checkNames } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, type SampleStream } from '../data/stream.js';
import { type AnyModel, checkAnyModels, isExternal, logitsOfExternal } from '../evaluate/external.js';
import { CONTROL_NAMES, type ForwardControl, forward } from '../evaluate/forward.js';
import { meanLogits } from '../nn/ensemble.js';
import type { TrainedModel } from '../nn/model-file.js';

/** The teachers' averaged logits (not probabilities) for every sample: [size, classes]. */
export async function logitsOf(
  engine: Engine,
  teachers: readonly AnyModel[],
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkAnyModels(teachers, 'teachers');
  checkData(data);
  checkNames(control, 'the control', CONTROL_NAMES);
  const own = teachers.filter((model): model is TrainedModel => !isExternal(model));
  const external = teachers.filter(isExternal);
  const mean =
    own.length > 0 &&
    (await forward(engine, own, data, (models) => meanLogits(models.map(({ logits }) => logits)), control));
  if (mean && external.length === 0) return mean;
  const sums = new Float64Array(data.size * data.classes);
  if (mean) for (let i = 0; i < sums.length; i++) sums[i] = own.length * mean[i]!;
  for (const model of external) {
    const logits = await logitsOfExternal(model, data, control);
    for (let i = 0; i < sums.length; i++) sums[i]! += logits[i]!;
  }
  return Float32Array.from(sums, (sum) => sum / teachers.length);
}
