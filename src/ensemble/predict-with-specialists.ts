import type { Engine } from '../backends/backend.js';
import { checkNames, checkWhole, shown } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { demand } from '../errors.js';
import { mostProbable, predict } from '../evaluate/evaluate.js';
import { classesOf } from '../nn/architecture.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
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
  options: SpecialistsOptions = {},
): Promise<Float32Array> {
  checkNames(options, 'predictWithSpecialists', ['top', 'divergence', 'steps', 'signal']);
  const { top = 1, ...rest } = options;
  checkWhole(top, 'top', 1, Infinity);
  checkSpecialists(specialists);
  const { signal } = rest;
  const general = await predict(engine, [generalist], data, { signal });
  const likely = mostLikely(general, data, top);
  const opinions: Opinion[] = [];
  for (const { model, classes, dustbin } of specialists) {
    opinions.push({
      groups: groupsOf(classes, dustbin, data.classes),
      probabilities: await predict(engine, [model], unlabeled(data, model), { signal }),
      asked: Uint8Array.from(likely, (some) => Number(some.some((c) => classes.includes(c)))),
    });
  }
  return combine(engine, general, opinions, { ...rest, classes: data.classes });
}

function checkSpecialists(specialists: readonly Specialist[]): void {
  demand(
    Array.isArray(specialists) && specialists.every((one) => Array.isArray(one?.classes)),
    () => `specialists must be a list of what trainSpecialist answers, not ${shown(specialists)}`,
  );
  for (const [i, { model }] of specialists.entries()) checkModel(model, `the model of specialists[${i}]`);
}

/** The samples for a model whose outputs aren't the data's classes; labels aren't read. */
function unlabeled({ inputs, size }: Dataset, { architecture }: TrainedModel): Dataset {
  return { inputs, size, labels: new Int32Array(size).fill(-1), classes: classesOf(architecture) };
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
