import { type Dataset, type Engine, type Evaluation, evaluate, select } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import type { Context } from '../context.ts';
import { count, counted } from '../format/numbers.ts';
import type { OnnxOptions } from '../onnx/teacher.ts';
import type { KnownTeacher } from '../report/report.ts';
import { knows } from '../report/table.ts';
import type { Progress } from '../terminal/progress.ts';
import type { DataPair } from './data.ts';
import type { ClassOptions } from './fit-classes.ts';
import { type GivenModel, namedTeacher, teacherFor } from './teachers.ts';
import { nearChance } from './verdicts.ts';

/** The models among what --teacher names, fit for the data. @throws UsageError, DistillError */
export async function givenTeachers(
  texts: readonly string[],
  data: Dataset,
  options: ClassOptions & OnnxOptions,
  progress: Progress,
): Promise<GivenModel[]> {
  const found: GivenModel[] = [];
  for (const text of texts) {
    const { given } = await teacherFor(await namedTeacher(text), data, options, progress);
    if (given) found.push(given);
  }
  return found;
}

/**
 * Counts, and says, the errors of models that are there before anything trains: by the validation data, or by the test
 * data where there are none.
 */
export async function knownTeachers(
  engine: Engine,
  context: Context,
  { validation, test }: Pick<DataPair, 'validation' | 'test'>,
  given: readonly GivenModel[],
): Promise<KnownTeacher[]> {
  const data = validation ?? test;
  const part = validation ? 'validation' : 'test';
  const constantErrors = errorsOfConstant(data);
  const known: KnownTeacher[] = [];
  for (const { file, model, onnx } of given) {
    if (onnx) await firstLook(engine, context, file, model, data);
    const { errors, size } = await evaluated(
      engine,
      context,
      { file, model, slow: onnx !== undefined },
      data,
    );
    const one: KnownTeacher = { file, part, samples: size, errors, constantErrors };
    context.progress.say(knows(one));
    known.push(one);
  }
  return known;
}

/** Enough to tell a teacher that knows nothing. */
const FEW = 200;

/** Warns of an ONNX model near chance by some samples, before it is asked about all: that may take long. */
async function firstLook(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  file: string,
  model: AnyModel,
  data: Dataset,
): Promise<void> {
  if (data.size <= 2 * FEW) return;
  const step = data.size / FEW;
  const some = select(
    data,
    Array.from({ length: FEW }, (_, i) => Math.floor(i * step)),
  );
  const { errors, size } = await evaluate(engine, model, some, { signal });
  const constantErrors = errorsOfConstant(some);
  if (nearChance({ errors, samples: size, constantErrors }))
    progress.say(
      `warning: ${file} makes ${count(errors)} errors on the first ${count(size)} samples that it is asked about, hardly fewer than always giving the same answer (${count(constantErrors)}): its input may be meant otherwise (--teacher-mean, --teacher-std, --teacher-layout), or its classes be in another order (--teacher-classes); Ctrl-C stops here`,
    );
}

async function evaluated(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  { file, model, slow }: { file: string; model: AnyModel; slow: boolean },
  data: Dataset,
): Promise<Evaluation> {
  if (!slow) return evaluate(engine, model, data, { signal });
  const bar = progress.start(`asking ${file}`, data.size);
  const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
  const found = await evaluate(engine, model, data, { signal, onProgress });
  bar.done(counted(data.size, 'sample'));
  return found;
}

/** Of the answer that is right most often. */
export function errorsOfConstant({ labels, classes }: Dataset): number {
  const counts = new Uint32Array(classes);
  for (const label of labels) if (label >= 0) counts[label]!++;
  return counts.reduce((sum, n) => sum + n, 0) - counts.reduce((most, n) => Math.max(most, n), 0);
}
