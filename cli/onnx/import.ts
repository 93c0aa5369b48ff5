import type { InputSpec, TrainedModel } from 'wasm-distill';
import { modelSha256 } from 'wasm-distill/jobs';
import { read } from '../files/run-files.ts';
import type { Progress } from '../terminal/progress.ts';
import type { GivenNetwork } from '../training/teachers.ts';
import { readOnnxModel, type Scaling } from './model.ts';

/** An ONNX model that a training starts from, and how it was understood. */
export async function startFromOnnx(
  file: string,
  scaling: Scaling,
  data: InputSpec['values'],
  progress: Progress,
): Promise<GivenNetwork> {
  const { model } = await readOnnxModel(await read(file), file, scaling, data);
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
