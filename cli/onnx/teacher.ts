import type { Samples } from 'wasm-distill/data';
import {
  type OnnxTeacher,
  type OnnxTeacherFacts,
  type OnnxTeacherOptions,
  onnxTeacher,
} from 'wasm-distill/onnx';
import { count, counted } from '../format/numbers.ts';
import { flagOf } from '../options/flag.ts';
import type { OptionName, Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';

/** How an ONNX model is understood. */
export const ONNX_OPTIONS = [
  ...(['teacherLayout', 'teacherMean', 'teacherStd', 'teacherSize'] as const),
  ...(['teacherOutput', 'teacherKind', 'teacherRuntime'] as const),
] satisfies OptionName[];

export type OnnxOptions = Partial<Settings<(typeof ONNX_OPTIONS)[number]>> & {
  /** The tensor inside of it that students look at. */
  features?: string | undefined;
};

export function isOnnx(file: string): boolean {
  return /\.onnx$/i.test(file);
}

/** @throws UsageError for options that none of the files takes. */
export function checkOnnxOptions(options: OnnxOptions, files: readonly string[]): void {
  if (files.some(isOnnx)) return;
  const given = ONNX_OPTIONS.find((name) => options[name] !== undefined);
  if (!given) return;
  throw new UsageError(`${flagOf(given)} says how an ONNX model is understood, and none is given`);
}

/** An ONNX model, ready for samples of this kind, and what was understood of it said. */
export async function openOnnx(
  file: string,
  {
    teacherLayout,
    teacherMean,
    teacherStd,
    teacherSize,
    teacherOutput,
    teacherKind,
    teacherRuntime,
    features,
  }: OnnxOptions,
  { samples, progress, signal }: { samples?: Samples; progress: Progress; signal?: AbortSignal },
): Promise<OnnxTeacher> {
  const options: { [K in keyof OnnxTeacherOptions]: OnnxTeacherOptions[K] | undefined } = {
    ...{ layout: teacherLayout, mean: teacherMean, std: teacherStd, size: teacherSize },
    ...{ output: teacherOutput, kind: teacherKind, features, samples, signal },
    runtime: teacherRuntime,
  };
  const teacher = await onnxTeacher(
    file,
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  );
  const floats = samples !== undefined && samples.values.BYTES_PER_ELEMENT !== 1;
  progress.say(`${file}: ${understood(teacher.facts, floats)}`);
  return teacher;
}

/** "takes 3 × 32 × 32 (nchw), …; logits of 10 classes from output 54; any number of samples at once; onnxruntime-web 1.30.0" */
function understood(facts: OnnxTeacherFacts, floats: boolean): string {
  const { takes, layout, output, batch, features, featuresShape = [], runtime } = facts;
  const { name, kind, columns } = output;
  return [
    `takes ${takes.join(' × ')}${layout ? ` (${layout})` : ''}, ${scaling(facts, floats)}`,
    columns === 1
      ? `${kind === 'logits' ? 'the logit' : 'the probability'} of the second of two classes from output ${name}`
      : `${kind} of ${count(columns)} classes from output ${name}`,
    ...(features === undefined ? [] : [`inside ${features}, ${featuresShape.join(' × ')}`]),
    batch === 'any' ? 'any number of samples at once' : `${counted(batch, 'sample')} at once`,
    `${runtime.name} ${runtime.version}${runtime.reproducible ? '' : ', whose bits other machines do not repeat'}`,
  ].join('; ');
}

function scaling({ input, mean, std, unit }: OnnxTeacherFacts, floats: boolean): string {
  if (!['f32', 'f64', 'f16', undefined].includes(input.type)) return 'whole numbers as they are';
  const start = floats ? 'values' : 'bytes / 255';
  const isPlain = [mean].flat().every((m) => m === 0) && [std].flat().every((s) => s === 1);
  if (isPlain && unit === 1) return `${floats ? 'values' : 'bytes'} as they are, normalization being inside`;
  if (isPlain) return floats ? 'values as they are' : start;
  const list = (numbers: number | readonly number[]) => [numbers].flat().join(', ');
  return `(${start} − [${list(mean)}]) / [${list(std)}]`;
}
