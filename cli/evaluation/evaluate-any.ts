import { type Engine, type Evaluation, evaluate, predict } from 'wasm-distill';
import { score } from 'wasm-distill/data';
import { checkFits } from 'wasm-distill/graph';
import type { Data } from '../data/reader.ts';
import { outlineOf } from '../data/stream.ts';
import type { AnyModel, LoadedModel } from '../files/load-models.ts';
import { type Control, mean, studentProbabilities } from './students.ts';

/** Errors and confusions of a model, or of an ensemble by its averaged probabilities. */
export async function evaluateAny(
  engine: Engine,
  models: readonly AnyModel[],
  data: Data,
  control: Control,
): Promise<Pick<Evaluation, 'errors' | 'confusion'>> {
  const f32 = models.filter((one): one is LoadedModel => 'model' in one);
  if (f32.length === models.length)
    return evaluate(
      engine,
      f32.map(({ model }) => model),
      data,
      control,
    );
  const all: Float32Array[] = [];
  for (const one of models) all.push(await probabilities(engine, one, data, control));
  return score(mean(all), data);
}

function probabilities(engine: Engine, one: AnyModel, data: Data, control: Control): Promise<Float32Array> {
  if ('model' in one) return predict(engine, one.model, data, control);
  checkFits(one.architecture, { shape: outlineOf(data).inputs.shape, classes: data.classes });
  return studentProbabilities(one.bytes, data, control);
}
