import { dirname, join } from 'node:path';
import { DistillError, type TrainedModel } from 'wasm-distill';
import { describeOnnx, importOnnx, type OnnxImportOptions, readOnnx } from 'wasm-distill/formats';
import { onnxKind } from '../files/formats.ts';
import { read } from '../files/run-files.ts';
import type { Settings } from '../options/options.ts';

/** How images are prepared for a graph: (bytes / 255 − mean) / std. */
export type Prepared = Settings<'teacherMean' | 'teacherStd'>;

/**
 * A small ONNX graph as a network of ours. Files that `export` has written say themselves how the inputs were made.
 * @throws DistillError 'bad-file' for graphs that layers can't express
 */
export async function readOnnxModel(
  bytes: Uint8Array,
  path: string,
  prepared: Prepared,
): Promise<{ model: TrainedModel; metadata: Record<string, string> }> {
  const onnx = readOnnx(bytes, path);
  const files = new Map<string, Uint8Array>();
  for (const name of describeOnnx(onnx, path).externalFiles)
    files.set(name, await read(join(dirname(path), name)));
  const input = inputOf(prepared);
  const model = importOnnx(bytes, path, { files: (name) => files.get(name), ...(input && { input }) });
  if (onnxKind(bytes) === undefined) return { model, metadata: {} };
  if (input)
    throw new DistillError(
      'bad-argument',
      `${path} was made by wasm-distill and says itself what it takes: leave --teacher-mean and --teacher-std out`,
    );
  const { images, table } = onnx.metadata;
  const metadata = { ...(images !== undefined && { images }), ...(table !== undefined && { table }) };
  return { model, metadata };
}

/** In units of bytes. */
function inputOf({ teacherMean: mean, teacherStd: std }: Prepared): OnnxImportOptions['input'] {
  if (!mean && !std) return undefined;
  const ofBytes = (numbers: readonly number[]) => numbers.map((n) => Number((n * 255).toPrecision(9)));
  return { values: 'bytes', normalization: { mean: ofBytes(mean ?? [0]), deviation: ofBytes(std ?? [1]) } };
}
