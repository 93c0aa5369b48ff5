import { type Engine, type Evaluation, evaluate, predict, type TrainedModel } from 'wasm-distill';
import { type ExternalModel, score } from 'wasm-distill/data';
import { checkFits } from 'wasm-distill/graph';
import type { Data } from '../data/reader.ts';
import { outlineOf } from '../data/stream.ts';
import type { AnyModel, LoadedModel, OpenedModel } from '../files/load-models.ts';
import { type Control, mean, studentProbabilities } from './students.ts';

/** Errors and confusions of a model, or of an ensemble by its averaged probabilities. */
export async function evaluateAny(
  engine: Engine,
  models: readonly AnyModel[],
  data: Data,
  control: Control,
): Promise<Pick<Evaluation, 'errors' | 'confusion'>> {
  const together = models.flatMap((one) => ('bytes' in one ? [] : [taken(one)]));
  if (together.length === models.length) return evaluate(engine, together, data, control);
  const all: Float32Array[] = [];
  for (const one of models) all.push(await probabilities(engine, one, data, control));
  return score(mean(all), data);
}

function probabilities(engine: Engine, one: AnyModel, data: Data, control: Control): Promise<Float32Array> {
  if (!('bytes' in one)) return predict(engine, taken(one), data, control);
  checkFits(one.architecture, { shape: outlineOf(data).inputs.shape, classes: data.classes });
  return studentProbabilities(one.bytes, data, control);
}

/** A model as the library takes it. */
function taken(one: LoadedModel | OpenedModel): TrainedModel | ExternalModel {
  return 'model' in one ? one.model : one.fitted;
}
