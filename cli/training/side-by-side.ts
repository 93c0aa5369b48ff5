import { type Dataset, DistillError, decodeModel, encodeInt8Model } from 'wasm-distill';
import { score } from 'wasm-distill/data';
import { decodeSafetensors } from 'wasm-distill/formats';
import type { Context } from '../context.ts';
import { speedOf } from '../evaluation/speed.ts';
import { studentProbabilities } from '../evaluation/students.ts';
import { readIfThere } from '../files/run-files.ts';
import { counted } from '../format/numbers.ts';
import type { ComparedModel } from '../report/comparison.ts';
import type { ModelReport, Report } from '../report/report.ts';

/** Milliseconds for all measurements of speed. */
const BUDGET = 800;

/** Quality, size and speed of teachers and students; of the distilled one with 8-bit weights, too. */
export async function sideBySide(
  context: Context,
  { teachers, ensemble, student }: Pick<Report, 'teachers' | 'ensemble' | 'student'>,
  test: Dataset,
): Promise<ComparedModel[]> {
  const labeled = test.labels.filter((label) => label >= 0).length;
  const quality = (testErrors: number) => ({ testErrors, accuracy: 1 - testErrors / labeled });
  const budget = BUDGET / (2 * (teachers.length + 3));
  const compared = async (
    { name, file, testErrors, parameters, bytes: size }: ModelReport,
    role: ComparedModel['role'],
  ): Promise<ComparedModel> => {
    const bytes = await ownFile(file);
    return {
      ...{ name, role, ...quality(testErrors) },
      ...parametersOf({ parameters }),
      ...(size !== undefined && { bytes: size }),
      ...(bytes && (await sizeAndSpeed(bytes, test, budget))),
    };
  };
  const taught: ComparedModel[] = [];
  for (const teacher of teachers) taught.push(await compared(teacher, 'teacher'));
  const together = (testErrors: number): ComparedModel => ({
    ...{ name: `ensemble of ${teachers.length}`, role: 'ensemble', ...quality(testErrors) },
    ...inAll(taught),
  });
  const small = await tried(() => int8Of(student.distilled.file, context, test));
  return [
    ...taught,
    ...(ensemble && teachers.length > 1 ? [together(ensemble.testErrors)] : []),
    await compared(student.hard, 'hard'),
    await compared(student.distilled, 'distilled'),
    ...(small
      ? [
          {
            ...({ name: `${student.distilled.name}, 8 bits`, role: 'distilled', bits: 8 } as const),
            ...quality(small.errors),
            ...parametersOf(student.distilled),
            ...(await sizeAndSpeed(small.bytes, test, budget)),
          },
        ]
      : []),
  ];
}

function parametersOf({
  parameters,
}: {
  parameters?: number | undefined;
}): Pick<ComparedModel, 'parameters'> {
  return parameters === undefined ? {} : { parameters };
}

/** A model's file, if it is ours and still there: of others neither bytes nor speed are known. */
async function ownFile(file: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readIfThere(file);
    return bytes && decodeSafetensors(bytes, file).metadata.architecture !== undefined ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where infer can't: a run isn't to fail of what only adds to its report. */
async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DistillError) || error.code === 'aborted') throw error;
    return undefined;
  }
}

async function sizeAndSpeed(file: Uint8Array, test: Dataset, budget: number) {
  const milliseconds = await tried(() => speedOf(file, test, budget));
  return { bytes: file.length, ...(milliseconds && { milliseconds }) };
}

/** What is known of all members: they run one after the other. */
function inAll(
  members: readonly ComparedModel[],
): Pick<ComparedModel, 'parameters' | 'bytes' | 'milliseconds'> {
  const sum = (value: (model: ComparedModel) => number | undefined) =>
    members.reduce<number | undefined>((all, model) => {
      const own = value(model);
      return all === undefined || own === undefined ? undefined : all + own;
    }, 0);
  const [parameters, bytes] = [sum((model) => model.parameters), sum((model) => model.bytes)];
  const one = sum(({ milliseconds }) => milliseconds?.one);
  const batch = sum(({ milliseconds }) => milliseconds?.batch);
  return {
    ...(parameters !== undefined && { parameters }),
    ...(bytes !== undefined && { bytes }),
    ...(one !== undefined && { milliseconds: { one, ...(batch !== undefined && { batch }) } }),
  };
}

/** The model as `quantize` writes it, and its errors. */
async function int8Of(
  file: string,
  { progress, controller: { signal } }: Context,
  test: Dataset,
): Promise<{ bytes: Uint8Array; errors: number } | undefined> {
  const f32 = await ownFile(file);
  if (!f32) return undefined;
  const { model, metadata } = decodeModel(f32, file);
  const bytes = encodeInt8Model(model, metadata);
  const bar = progress.start('evaluation, 8 bits', test.size);
  const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
  const { errors } = score(await studentProbabilities(bytes, test, { signal, onProgress }), test);
  bar.done(`${counted(test.size, 'test sample')}, ${counted(errors, 'error')}`);
  return { bytes, errors };
}
