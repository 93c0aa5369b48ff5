import type { TrainedModel } from '../nn/model-file.js';
import { type AnyModel, type ExternalModel, isExternal } from './external.js';
import type { ForwardControl } from './forward.js';

/** Models by what computes them; each kind stays in its order. */
export function parted(models: readonly AnyModel[]): {
  own: readonly TrainedModel[];
  external: readonly ExternalModel[];
} {
  const own = models.filter((model): model is TrainedModel => !isExternal(model));
  return { own, external: models.filter(isExternal) };
}

/** What answers for some models, one of them or all that a graph computes together: their mean. */
export interface Part {
  /** How many models. */
  count: number;
  answer(control: ForwardControl): Promise<Float32Array>;
}

/** The mean over all models of `length` numbers: of a single part what it answers, else in float64, part by part. */
export async function meanOf(
  parts: readonly Part[],
  length: number,
  control: ForwardControl,
): Promise<Float32Array> {
  if (parts.length === 1) return parts[0]!.answer(control);
  const sums = new Float64Array(length);
  for (const [i, { count, answer }] of parts.entries()) {
    const values = await answer(sharedControl(control, i, parts.length));
    for (let k = 0; k < length; k++) sums[k]! += count * values[k]!;
  }
  const models = parts.reduce((sum, { count }) => sum + count, 0);
  return Float32Array.from(sums, (sum) => sum / models);
}

/** Progress of one of several equal parts, as that of the whole. */
function sharedControl({ signal, onProgress }: ForwardControl, part: number, parts: number): ForwardControl {
  if (!onProgress) return { signal };
  return {
    signal,
    onProgress: ({ samples, totalSamples }) =>
      onProgress({ samples: Math.floor((part * totalSamples + samples) / parts), totalSamples }),
  };
}
