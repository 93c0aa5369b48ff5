import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { mostProbable, predict } from '../evaluate/evaluate.js';
import { classesOf } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { type CombineOptions, combine, type Opinion } from './combine.js';
import type { Specialist } from './specialists.js';

export interface SpecialistsOptions extends Omit<CombineOptions, 'classes'> {
  /** A specialist is asked if its subset contains one of the generalist's n most probable classes (default 1). */
  top?: number;
}

/** Probabilities [size, classes] of a generalist and its specialists (Hinton, Vinyals, Dean 2015, section 5.4). */
export async function predictWithSpecialists(
  engine: Engine,
  generalist: TrainedModel,
  specialists: readonly Specialist[],
  data: Dataset,
  { top = 1, ...options }: SpecialistsOptions = {},
): Promise<Float32Array> {
  const { signal } = options;
  const general = await predict(engine, [generalist], data, { signal });
  const likely = mostLikely(general, data, top);
  const opinions: Opinion[] = [];
  for (const { model, classes, dustbin } of specialists) {
    // Its outputs stand in for the classes here; labels aren't read.
    const outputs = classesOf(model.architecture);
    opinions.push({
      groups: groupsOf(classes, dustbin, data.classes),
      probabilities: await predict(engine, [model], { ...data, classes: outputs }, { signal }),
      asked: Uint8Array.from(likely, (some) => Number(some.some((c) => classes.includes(c)))),
    });
  }
  return combine(engine, general, opinions, { ...options, classes: data.classes });
}

/** The generalist's `top` most probable classes for each sample. */
function mostLikely(probabilities: Float32Array, { size, classes }: Dataset, top: number): number[][] {
  return Array.from({ length: size }, (_, i) => {
    const row = probabilities.slice(i * classes, (i + 1) * classes);
    return Array.from({ length: Math.min(top, classes) }, () => {
      const c = mostProbable(row);
      row[c] = -1;
      return c;
    });
  });
}

/** The classes that each output of a specialist stands for. */
function groupsOf(special: readonly number[], dustbin: boolean, classes: number): number[][] {
  const all = Array.from({ length: classes }, (_, c) => c);
  if (!dustbin) return all.map((c) => [c]);
  return [...special.map((c) => [c]), all.filter((c) => !special.includes(c))];
}
