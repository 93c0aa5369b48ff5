import { dirname, join } from 'node:path';
import { DistillError, type InputSpec, type TrainedModel } from 'wasm-distill';
import { describeOnnx, importOnnx, readOnnx } from 'wasm-distill/formats';
import { onnxKind } from '../files/formats.ts';
import { read } from '../files/run-files.ts';
import type { Settings } from '../options/options.ts';

/** What an ONNX model's samples have been less, and divided by. */
export type Scaling = Settings<'teacherMean' | 'teacherStd'>;

/**
 * A small ONNX graph as a network of ours, for these data (default: bytes where its input is images). Files that `export`
 * has written also say how the inputs were made.
 * @throws DistillError 'bad-file' for graphs that layers can't express
 */
export async function readOnnxModel(
  bytes: Uint8Array,
  path: string,
  scaling: Scaling,
  data?: InputSpec['values'],
): Promise<{ model: TrainedModel; metadata: Record<string, string> }> {
  const onnx = readOnnx(bytes, path);
  const beside = new Map<string, Uint8Array>();
  for (const name of describeOnnx(onnx, path).externalFiles)
    beside.set(name, await read(join(dirname(path), name)));
  const files = (name: string) => beside.get(name);
  const isOurs = onnxKind(bytes) !== undefined;
  if (isOurs && (scaling.teacherMean || scaling.teacherStd))
    throw new DistillError(
      'bad-argument',
      `${path} was made by wasm-distill and says itself what it takes: leave --teacher-mean and --teacher-std out`,
    );
  const plain = importOnnx(bytes, path, { files });
  const input = inputFor(plain, scaling, isOurs, data);
  const model = input ? importOnnx(bytes, path, { files, input }) : plain;
  if (!isOurs) return { model, metadata: {} };
  const { images, table } = onnx.metadata;
  const metadata = { ...(images !== undefined && { images }), ...(table !== undefined && { table }) };
  return { model, metadata };
}

/**
 * What the graph's input has been made of, unless it is the data themselves: of bytes their 255th part, as ONNX teachers
 * take it, then less the mean, by the deviation.
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
