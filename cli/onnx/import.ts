import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InputSpec, TrainedModel } from 'wasm-distill';
import { importOnnx, readOnnx } from 'wasm-distill/formats';
import { modelSha256 } from 'wasm-distill/jobs';
import { read } from '../files/run-files.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import type { GivenModel } from '../training/teachers.ts';

/** What an ONNX model's samples have been less, and divided by. */
type Scaling = Settings<'teacherMean' | 'teacherStd'>;

export interface Imported {
  model: TrainedModel;
  metadata: Record<string, string>;
}

/**
 * A small ONNX model as a network of ours.
 * @throws DistillError 'bad-file' for graphs that aren't made of layers of ours.
 */
export function imported(
  bytes: Uint8Array,
  file: string,
  scaling: Scaling,
  data?: InputSpec['values'],
): Imported {
  const metadata = { ...readOnnx(bytes, file).metadata };
  const files = (location: string) => beside(file, location);
  const plain = importOnnx(bytes, file, { files });
  const input = inputFor(plain, scaling, metadata.format === 'wasm-distill onnx', data);
  return { model: input ? importOnnx(bytes, file, { files, input }) : plain, metadata };
}

/**
 * What the graph's input has been made of, unless it is the data themselves: of bytes (without data: of images) their
 * 255th part, as ONNX teachers take it, then less the mean, by the deviation.
 */
function inputFor(
  { architecture: { input } }: TrainedModel,
  { teacherMean, teacherStd }: Scaling,
  isOurs: boolean,
  data: InputSpec['values'] = input.shape.length === 3 ? 'bytes' : 'floats',
): Pick<InputSpec, 'values' | 'normalization'> | undefined {
  const asked = teacherMean !== undefined || teacherStd !== undefined;
  if (!asked && (isOurs || data === 'floats')) return undefined;
  // What itself divides by more takes bytes.
  if (!asked && input.normalization?.deviation.some((d) => d > 16)) return { values: 'bytes' };
  const unit = data === 'bytes' ? 255 : 1;
  // 0.485 · 255 is 123.675: what floats add in the sixteenth place isn't written.
  const times = (list: readonly number[]) => list.map((n) => Number((n * unit).toPrecision(12)));
  return {
    values: data,
    normalization: { mean: times(teacherMean ?? [0]), deviation: times(teacherStd ?? [1]) },
  };
}

function beside(file: string, location: string): Uint8Array | undefined {
  try {
    return readFileSync(join(dirname(file), location));
  } catch {
    return undefined; // The library's error says which file is missing.
  }
}

/** An ONNX model that a training starts from, and how it was understood. */
export async function startFromOnnx(
  file: string,
  scaling: Scaling,
  data: InputSpec['values'],
  progress: Progress,
): Promise<GivenModel> {
  const { model } = imported(await read(file), file, scaling, data);
  progress.say(`${file}: ${understood(model)}`);
  return { file, model, reference: { kind: 'model', name: file, sha256: await modelSha256(model) } };
}

/** "takes 32 × 32 × 3, (bytes − [123.7, 116.3, 103.5]) / [58.4, 57.1, 57.4]" */
export function understood({ architecture: { input } }: TrainedModel): string {
  const { shape, values = 'floats', normalization } = input;
  const takes = `takes ${shape.join(' × ')}`;
  if (!normalization) return `${takes}, ${values} as they are`;
  const { mean, deviation } = normalization;
  const list = (numbers: readonly number[]) =>
    numbers.length > 4 ? 'its own' : numbers.length === 1 ? `${numbers}` : `[${numbers.join(', ')}]`;
  const centered = mean.every((m) => m === 0) ? values : `(${values} − ${list(mean)})`;
  return `${takes}, ${centered} / ${list(deviation)}`;
}
