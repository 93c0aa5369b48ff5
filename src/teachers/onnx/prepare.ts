import type { Samples } from '../../data/dataset.js';
import { DistillError, demand } from '../../errors.js';
import type { OnnxType } from '../../formats/onnx/model.js';
import { resizeImage } from '../../formats/resize.js';
import { size as sizeOf } from '../../graph/shape.js';
import { f16Bits } from './f16.js';
import type { InputPlan } from './input-plan.js';
import type { RawTensor, TensorData } from './worker/protocol.js';

export interface Scaling {
  readonly mean?: number | readonly number[] | undefined;
  readonly std?: number | readonly number[] | undefined;
  /** What bytes are divided by before (default: 255). */
  readonly unit?: 1 | 255;
}

interface Elements {
  /** onnxruntime's word. */
  readonly word: string;
  readonly whole: boolean;
  of(values: Float32Array): TensorData;
}

/** The types of inputs that samples can be given as. */
const elements: Partial<Record<OnnxType, Elements>> = {
  f32: { word: 'float32', whole: false, of: (values) => values },
  f64: { word: 'float64', whole: false, of: (values) => Float64Array.from(values) },
  f16: { word: 'float16', whole: false, of: (values) => Uint16Array.from(values, f16Bits) },
  u8: { word: 'uint8', whole: true, of: (values) => Uint8Array.from(values) },
  i8: { word: 'int8', whole: true, of: (values) => Int8Array.from(values) },
  i16: { word: 'int16', whole: true, of: (values) => Int16Array.from(values) },
  i32: { word: 'int32', whole: true, of: (values) => Int32Array.from(values) },
  i64: { word: 'int64', whole: true, of: (values) => BigInt64Array.from(values, BigInt) },
};

/** `name` is the model's, for messages. @throws DistillError 'mismatch' for a type that samples can't be given as */
export function elementsOf(type: OnnxType | undefined, { mean, std }: Scaling, name: string): Elements {
  const found = elements[type ?? 'f32'];
  if (!found)
    throw new DistillError(
      'mismatch',
      `${name} takes elements of type ${type}, but samples can only be given as ${Object.keys(elements).join(', ')}`,
    );
  if (found.whole && (mean !== undefined || std !== undefined))
    throw new DistillError('mismatch', `${name} takes whole numbers as they are: leave mean and std out`);
  return found;
}

/**
 * Samples as a model takes them: resized, gray as color, scaled, in its layout and type. Bytes of images are divided by
 * 255 (but for models of ours, which do that themselves), then all less the mean and divided by the deviation, each step rounded to f32 as PyTorch does.
 * @throws DistillError 'mismatch'
 */
export function prepare(
  samples: Samples,
  plan: InputPlan,
  scaling: Scaling,
  type: OnnxType | undefined,
  name: string,
): RawTensor {
  const { word, whole, of } = elementsOf(type, scaling, name);
  const { shape, values } = resized(samples, plan, name);
  const each = sizeOf(plan.to);
  const n = values.length / sizeOf(shape);
  const made = new Float32Array(n * each);
  const channels = shape.length > 1 ? shape.at(-1)! : sizeOf(shape);
  const scaled = scaler(values, whole, scaling, plan.image?.channels ?? channels, name);
  fill(made, values, plan, { n, channels, scaled });
  if (whole) checkWholeNumbers(made, name);
  return { type: word, dims: [n, ...plan.to], data: of(made) };
}

function resized(samples: Samples, { image }: InputPlan, name: string): Samples {
  const { shape, values } = samples;
  if (!image || (shape[0] === image.height && shape[1] === image.width)) return samples;
  const { height, width } = image;
  demand(
    values.BYTES_PER_ELEMENT === 1,
    () =>
      `${name} takes images of ${height} × ${width} pixels, and only bytes can be resized to that: the samples are floats of ${shape[0]} × ${shape[1]}`,
    'mismatch',
  );
  const [oldHeight, oldWidth, channels] = shape as [number, number, 1 | 3];
  const [old, each] = [oldHeight * oldWidth * channels, height * width * channels];
  const n = values.length / old;
  const made = new Uint8Array(n * each);
  for (let i = 0; i < n; i++) {
    const data = new Uint8Array(values.subarray(i * old, (i + 1) * old));
    made.set(
      resizeImage({ height: oldHeight, width: oldWidth, channels, data }, height, width).data,
      i * each,
    );
  }
  return { shape: [height, width, channels], values: made };
}

/** A value of a channel (or feature) as the model takes it. */
type Scaled = (value: number, channel: number) => number;

function scaler(
  values: Samples['values'],
  whole: boolean,
  { mean = 0, std = 1, unit = 255 }: Scaling,
  channels: number,
  name: string,
): Scaled {
  if (whole) return (value) => value;
  const means = perChannel(mean, channels, 'mean', name);
  const deviations = perChannel(std, channels, 'std', name);
  const { fround } = Math;
  const high = [mean].flat().find((number) => number > 1.5);
  if (values.BYTES_PER_ELEMENT !== 1) return (value, k) => fround(fround(value - means[k]!) / deviations[k]!);
  demand(
    high === undefined,
    () =>
      `the mean ${high} of ${name} is one of bytes, but here bytes are divided by 255 first: divide mean and std by 255`,
    'mismatch',
  );
  const table = new Float32Array(256 * channels);
  for (let k = 0; k < channels; k++)
    for (let v = 0; v < 256; v++) table[k * 256 + v] = fround(fround(v / unit) - means[k]!) / deviations[k]!;
  return (value, k) => table[k * 256 + value]!;
}

function perChannel(
  given: number | readonly number[],
  channels: number,
  word: string,
  name: string,
): Float32Array {
  const list = typeof given === 'number' ? [given] : given;
  if (list.length !== 1 && list.length !== channels)
    throw new DistillError(
      'mismatch',
      `${word} of ${name} has ${list.length} numbers, but there are ${channels} channels or features: give one for each, or one for all`,
    );
  return Float32Array.from({ length: channels }, (_, k) => list[list.length === 1 ? 0 : k]!);
}

interface Filling {
  readonly n: number;
  /** Of the samples. */
  readonly channels: number;
  readonly scaled: Scaled;
}

function fill(
  made: Float32Array,
  values: Samples['values'],
  { from, image, layout }: InputPlan,
  { n, channels, scaled }: Filling,
): void {
  const after = image?.channels ?? channels;
  const pixels = sizeOf(from) / channels;
  const [ofPixel, ofChannel] = layout === 'nchw' ? [1, pixels] : [after, 1];
  for (let i = 0; i < n; i++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let k = 0; k < after; k++) {
        const value = values[(i * pixels + pixel) * channels + (channels === 1 ? 0 : k)]!;
        made[i * pixels * after + pixel * ofPixel + k * ofChannel] = scaled(value, k);
      }
}

function checkWholeNumbers(values: Float32Array, name: string): void {
  const bad = values.findIndex((value) => !Number.isInteger(value));
  demand(bad < 0, () => `${name} takes whole numbers, but a sample has ${values[bad]}`, 'mismatch');
}
