import { type Dataset, DistillError, type Engine, evaluate } from 'wasm-distill';
import type { ExternalModel, Samples } from 'wasm-distill/data';
import type { ModelReference } from 'wasm-distill/jobs';
import { type StoredTeacher, storedTeacher } from 'wasm-distill/objectives';
import type { Context } from '../context.ts';
import { namesOf } from '../data/facts.ts';
import type { Data } from '../data/reader.ts';
import type { TrainingRows } from '../data/rows.ts';
import { inMemory, isStream } from '../data/stream.ts';
import { count, counted } from '../format/numbers.ts';
import type { Settings } from '../options/options.ts';
import type { KnownTeacher } from '../report/report.ts';
import { knows } from '../report/table.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';
import type { DataPair } from '../training/data.ts';
import { type ClassOptions, fitClasses } from '../training/fit-classes.ts';
import { errorsOfConstant } from '../training/known-teachers.ts';
import { bind } from './bind.ts';
import { readSoft } from './soft-file.ts';

export type SoftOptions = Partial<Settings<'soft' | 'softKind' | 'softTemperature' | 'softId'>> &
  ClassOptions;

/** Outputs made elsewhere, as a teacher. */
export interface SoftTeacher {
  file: string;
  model: ExternalModel;
  reference: ModelReference;
  knows(samples: Samples): number;
}

/** The files that --soft names, read and bound to the data's rows, and what there is to say of each. */
export async function softTeachers(
  options: SoftOptions,
  { data, rows }: { data: Dataset; rows?: TrainingRows },
  progress: Progress,
): Promise<SoftTeacher[]> {
  const found: SoftTeacher[] = [];
  for (const file of options.soft ?? []) found.push(await softTeacher(file, options, data, rows!, progress));
  return found;
}

async function softTeacher(
  file: string,
  options: SoftOptions,
  train: Dataset,
  rows: TrainingRows,
  progress: Progress,
): Promise<SoftTeacher> {
  const id = options.softId?.split(',')[0];
  const soft = await readSoft(file, { id, classNames: namesOf(train) });
  const { data, values } = await bind(file, soft, rows);
  const { softKind: kind = soft.kind, softTemperature: temperature = soft.temperature } = options;
  const stored = await storedTeacher(data, values, {
    name: `--soft ${file}`,
    ...(kind && { kind }),
    ...(temperature !== undefined && { temperature }),
    ...(soft.classNames && { classNames: soft.classNames }),
  });
  progress.say(sentence(file, stored, data, { ...options, soft }));
  const model = await fitClasses(`--soft ${file}`, stored, train, options, progress);
  if (model.classes !== train.classes)
    throw new DistillError(
      'mismatch',
      `--soft ${file}: it has outputs for ${counted(model.classes, 'class')}, but the data have ${train.classes}: --teacher-classes names its classes`,
    );
  const reference = { kind: 'model', name: file, sha256: model.sha256 } as const;
  return { file, model, reference, knows: (samples) => stored.knows(samples) };
}

/** "soft.npy: probabilities at T = 4 for 1,200 samples" */
function sentence(
  file: string,
  { kind, temperature }: StoredTeacher,
  { size }: Dataset,
  {
    softKind,
    softTemperature,
    soft,
  }: Omit<SoftOptions, 'soft'> & { soft: { kind?: unknown; temperature?: number } },
): string {
  const isKnown = softKind !== undefined || soft.kind !== undefined;
  const by = isKnown
    ? ''
    : kind === 'probabilities'
      ? ', as they add up to 1'
      : ", as they don't add up to 1";
  const unsaid = softTemperature === undefined && soft.temperature === undefined;
  const guess = kind === 'probabilities' && unsaid ? '; --soft-temperature says another T' : '';
  const at = kind === 'probabilities' ? ` at T = ${temperature}` : '';
  return `--soft ${file}: ${kind}${at} for ${counted(size, 'sample')}${by}${guess}`;
}

/** @throws DistillError 'mismatch' where the student is to learn from samples that there are no outputs for. */
export function checkKnows(soft: readonly SoftTeacher[], distilled: Data): void {
  if (soft.length === 0) return;
  if (isStream(distilled))
    throw new UsageError(
      `--soft ${soft[0]!.file}: what --transfer names is too large to be kept in memory, where outputs are bound to samples: give fewer, or a teacher with --teacher`,
    );
  const { inputs, size } = distilled;
  for (const { file, knows } of soft) {
    const known = knows(inputs);
    if (known < size)
      throw new DistillError(
        'mismatch',
        `--soft ${file}: it has outputs for ${count(known)} of the ${count(size)} samples that the student learns from: give outputs for all of them, or let it learn from fewer (--transfer, --limit)`,
      );
  }
}

/** Those that have answers for all of the samples on which models are judged: they are evaluated as others are. */
export function answering(
  soft: readonly SoftTeacher[],
  { validation, test }: Pick<DataPair, 'validation' | 'test'>,
): SoftTeacher[] {
  const judged = validation ? [validation, test] : [test];
  return soft.filter((one) => judged.every(({ inputs, size }) => one.knows(inputs) === size));
}

/**
 * How stored outputs agree with labels: with those of the validation or test data where they have answers for these, as the
 * models that are there, else with those of the training samples.
 */
export async function knownSoft(
  engine: Engine,
  soft: readonly SoftTeacher[],
  { train, validation, test }: Pick<DataPair, 'train' | 'validation' | 'test'>,
  { progress, controller: { signal } }: Context,
): Promise<KnownTeacher[]> {
  if (soft.length === 0) return [];
  const judged = validation ? ([validation, 'validation'] as const) : ([test, 'test'] as const);
  const parts = [judged, [inMemory(train), 'training'] as const];
  const known: KnownTeacher[] = [];
  for (const { file, model, ...one } of soft) {
    const found = parts.find(([{ inputs, size }]) => one.knows(inputs) === size);
    if (!found || found[0].labels.every((label) => label < 0)) continue;
    const [data, part] = found;
    const { errors, size } = await evaluate(engine, model, data, { signal });
    const constantErrors = errorsOfConstant(data);
    const teacher: KnownTeacher = { file, part, samples: size, errors, constantErrors };
    progress.say(knows(teacher));
    known.push(teacher);
  }
  return known;
}
