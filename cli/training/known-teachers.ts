import { type Dataset, type Engine, evaluate } from 'wasm-distill';
import type { Context } from '../context.ts';
import type { KnownTeacher } from '../report/report.ts';
import { knows } from '../report/table.ts';
import type { Progress } from '../terminal/progress.ts';
import type { DataPair } from './data.ts';
import type { ClassOptions } from './fit-classes.ts';
import { type GivenModel, namedTeacher, teaching } from './teachers.ts';

/** The models among what --teacher names, fit for the data. @throws UsageError, DistillError */
export async function givenTeachers(
  texts: readonly string[],
  data: Dataset,
  options: ClassOptions,
  progress: Progress,
): Promise<GivenModel[]> {
  const found: GivenModel[] = [];
  for (const text of texts) {
    const { given } = await namedTeacher(text);
    if (given) found.push(await teaching(given, data, options, progress));
  }
  return found;
}

/**
 * Counts, and says, the errors of models that are there before anything trains: by the validation data, or by the test
 * data where there are none.
 */
export async function knownTeachers(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  { validation, test }: Pick<DataPair, 'validation' | 'test'>,
  given: readonly GivenModel[],
): Promise<KnownTeacher[]> {
  const data = validation ?? test;
  const part = validation ? 'validation' : 'test';
  const constantErrors = errorsOfConstant(data);
  const known: KnownTeacher[] = [];
  for (const { file, model } of given) {
    const { errors, size } = await evaluate(engine, model, data, { signal });
    const one: KnownTeacher = { file, part, samples: size, errors, constantErrors };
    progress.say(knows(one));
    known.push(one);
  }
  return known;
}

/** Of the answer that is right most often. */
export function errorsOfConstant({ labels, classes }: Dataset): number {
  const counts = new Uint32Array(classes);
  for (const label of labels) if (label >= 0) counts[label]!++;
  return counts.reduce((sum, n) => sum + n, 0) - counts.reduce((most, n) => Math.max(most, n), 0);
}
