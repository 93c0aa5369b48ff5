import { checkList, checkNames, checkWhole, checkWord, shown } from '../../checks.js';
import type { Samples } from '../../data/dataset.js';
import { demand } from '../../errors.js';
import type { OnnxLayout } from '../../formats/onnx/describe.js';
import type { RuntimeName } from './worker/protocol.js';

export interface OnnxTeacherOptions {
  /** What people and sentences call it (default: the file's name). */
  name?: string;
  /**
   * Where the model has the channels of images: before height and width, or after them (default: as its graph and the
   * shape of its input tell).
   */
  layout?: OnnxLayout;
  /**
   * Subtracted from each value, and what it is divided by then: one number, or one for each channel or feature (default: 0
   * and 1). Bytes are divided by 255 before, as torchvision's ToTensor and Normalize do.
   */
  mean?: number | readonly number[];
  std?: number | readonly number[];
  /** Height and width to which images are resized, as Pillow does bilinearly (default: the model's own, where told). */
  size?: readonly [height: number, width: number];
  /** The output that it teaches by; may be a tensor inside the graph (default: logits before probabilities). */
  output?: string;
  /** What that output holds (default: probabilities where its rows sum to 1, else logits). */
  kind?: 'logits' | 'probabilities';
  /** A tensor inside the graph by its name, such as describeOnnx() lists them: hints for students. */
  features?: string;
  /**
   * Some of the samples that it will be asked about: only their shape and type count. Needed where the graph doesn't tell
   * the size of its input.
   */
  samples?: Samples;
  /** Files that the model needs beside it, by name (default: read from where the model is, if that is a path). */
  externalFiles?: Readonly<Record<string, Uint8Array>>;
  /** What runs it (default: 'onnxruntime-web'). The other one is for Node alone, and its bits differ between machines. */
  runtime?: RuntimeName;
  /** Where onnxruntime-web's ort.wasm.min.mjs is, for pages without a bundler; its .wasm must lie beside it. */
  runtimeAddress?: string | URL;
  /** Where the script of `wasm-distill/onnx-worker` is, for bundlers that don't carry workers along. */
  worker?: string | URL;
  /** The most samples that run at once (default: 100, or as many as take 16 MiB). */
  batch?: number;
  signal?: AbortSignal;
}

const NAMES = [
  ...(['name', 'layout', 'mean', 'std', 'size', 'output', 'kind', 'features', 'samples'] as const),
  ...(['externalFiles', 'runtime', 'runtimeAddress', 'worker', 'batch', 'signal'] as const),
] satisfies (keyof OnnxTeacherOptions)[];

/** @throws DistillError 'bad-argument' */
export function checkOptions(options: OnnxTeacherOptions): void {
  checkNames(options, 'onnxTeacher', NAMES);
  const { layout, mean, std, size, kind, runtime, batch, samples, externalFiles } = options;
  if (layout !== undefined) checkWord(layout, 'the layout', ['nchw', 'nhwc']);
  if (kind !== undefined) checkWord(kind, 'the kind of output', ['logits', 'probabilities']);
  if (runtime !== undefined) checkWord(runtime, 'the runtime', ['onnxruntime-web', 'onnxruntime-node']);
  if (batch !== undefined) checkWhole(batch, 'batch', 1, 2 ** 20);
  for (const [word, text] of Object.entries(texts(options)))
    demand(
      text === undefined || (typeof text === 'string' && text !== ''),
      () => `${word} of onnxTeacher must be a string that isn't empty, not ${shown(text)}`,
    );
  for (const [word, value] of Object.entries({ mean, std })) {
    if (value === undefined) continue;
    checkList([value].flat(), word, 'finite numbers', (number) => Number.isFinite(number));
    demand([value].flat().length > 0, () => `${word} must be a number, or a list of at least one`);
  }
  demand(
    [std ?? 1].flat().every((number) => (number as number) > 0),
    'std must be positive: what values are divided by',
  );
  if (size !== undefined) {
    checkList(size, 'size', 'two numbers, height and width', (side) => Number.isInteger(side));
    demand(size.length === 2, () => `size must be height and width, not ${shown(size)}`);
    for (const side of size) checkWhole(side, 'each side of size', 1, 16384);
  }
  if (samples !== undefined)
    demand(
      Array.isArray(Object(samples).shape) && ArrayBuffer.isView(Object(samples).values),
      () => `samples must be { shape, values }, as a data set's inputs are, not ${shown(samples)}`,
    );
  if (externalFiles !== undefined)
    demand(
      typeof externalFiles === 'object' &&
        externalFiles !== null &&
        Object.values(externalFiles).every((data) => ArrayBuffer.isView(data)),
      () => `externalFiles must be an object of files' bytes by their names, not ${shown(externalFiles)}`,
    );
}

function texts({ name, output, features }: OnnxTeacherOptions) {
  return { name, output, features };
}
