import { dirname, join } from 'node:path';
import type { TrainedModel } from 'wasm-distill';
import { describeOnnx, importOnnx, readOnnx } from 'wasm-distill/formats';
import { onnxKind } from '../files/formats.ts';
import { read } from '../files/run-files.ts';

/**
 * A small ONNX graph as a network of ours. Files that `export` has written also say how the inputs were made.
 * @throws DistillError 'bad-file' for graphs that layers can't express
 */
export async function readOnnxModel(
  bytes: Uint8Array,
  path: string,
): Promise<{ model: TrainedModel; metadata: Record<string, string> }> {
  const onnx = readOnnx(bytes, path);
  const files = new Map<string, Uint8Array>();
  for (const name of describeOnnx(onnx, path).externalFiles)
    files.set(name, await read(join(dirname(path), name)));
  const model = importOnnx(bytes, path, { files: (name) => files.get(name) });
  if (onnxKind(bytes) === undefined) return { model, metadata: {} };
  const { images, table } = onnx.metadata;
  const metadata = { ...(images !== undefined && { images }), ...(table !== undefined && { table }) };
  return { model, metadata };
}
