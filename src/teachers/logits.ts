import type { Engine } from '../backends/backend.js';
import { checkNames } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, type SampleStream } from '../data/stream.js';
import { type AnyModel, checkAnyModels, logitsOfExternal } from '../evaluate/external.js';
import { CONTROL_NAMES, type ForwardControl, forward } from '../evaluate/forward.js';
import { meanOf, type Part, parted } from '../evaluate/mean.js';
import { meanLogits } from '../nn/ensemble.js';

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
  const { own, external } = parted(teachers);
  const parts: Part[] = external.map((model) => ({
    count: 1,
    answer: (shared) => logitsOfExternal(model, data, shared),
  }));
  if (own.length > 0)
    parts.unshift({
      count: own.length,
      answer: (shared) =>
        forward(engine, own, data, (models) => meanLogits(models.map(({ logits }) => logits)), shared),
    });
  return meanOf(parts, data.size * data.classes, control);
}
