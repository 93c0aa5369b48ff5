import {
  type Architecture,
  type InputSpec,
  type LayerSpec,
  mlp,
  parseShorthand,
  type TrainedModel,
} from 'wasm-distill';
import { byteInput } from 'wasm-distill/graph';
import { numbers, randomlyTrained } from './models.ts';

const of = (input: InputSpec, ...layers: LayerSpec[]): Architecture => ({ input, layers });
const short = (text: string, input: Omit<InputSpec, 'shape'> = {}): Architecture => {
  const { architecture } = parseShorthand(text);
  return { ...architecture, input: { ...architecture.input, ...input } };
};
const colors: Omit<InputSpec, 'shape'> = {
  values: 'bytes',
  normalization: { mean: [125.3, 122.9, 113.8], deviation: [63, 62.1, 66.7] },
};
const features: Omit<InputSpec, 'shape'> = {
  values: 'floats',
  normalization: {
    mean: Array.from({ length: 13 }, (_, i) => i - 6),
    deviation: Array.from({ length: 13 }, (_, i) => (i === 5 ? 1e30 : 0.5 + i / 7)),
  },
};

/** Networks of all kinds of layers and inputs, in odd sizes and small. */
export const architectures: Readonly<Record<string, Architecture>> = {
  'a perceptron on gray bytes': mlp([784, 40, 40, 10], {
    input: byteInput,
    dropout: { input: 0.2, hidden: 0.5 },
  }),
  'a perceptron on images': mlp([48, 9, 4], { input: { shape: [4, 4, 3], ...colors } }),
  'a perceptron on a table': mlp([13, 17, 3], { input: features }),
  'one number, two classes': mlp([1, 3, 2]),
  '300 classes': mlp([17, 5, 300]),
  residual: short('16x16x3 conv8 res8 res16s2 pre16 pool gap dense10', colors),
  'separable, squeezed, by groups': short(
    '17x9x3 conv8k5s2 sep12 fire2-4-4 conv8g4 pool3s2 dense33 dense7',
    colors,
  ),
  'convolutions, then dense': short('12x11x1 nobn conv6k5v pool conv4k3 dense20 dense5', byteInput),
  'paddings of all sides': of(
    { shape: [11, 9, 2] },
    { conv: 4, kernel: [3, 2], stride: [2, 1], pad: [0, 1, 2, 0], dilation: [1, 2], bias: false },
    { norm: 'batch', epsilon: 1e-3 },
    { leakyRelu: 0.2 },
    { depthwise: [2, 3], pad: [1, 0, 0, 2], stride: [1, 2] },
    { sigmoid: true },
    { pool: [3, 2], stride: [2, 1], pad: [1, 0, 2, 1] },
    { avg: 3, stride: 1, pad: [2, 1, 0, 1] },
    { flatten: true },
    { dense: 3, bias: false },
  ),
  transposed: of(
    { shape: [3, 4, 3] },
    { deconv: 4, stride: 2 },
    { tanh: true },
    { deconv: 6, kernel: [2, 3], stride: [3, 2], pad: [1, 0, 0, 1], bias: false },
    { deconv: 2, kernel: 1, stride: [1, 2] },
    { upsample: [2, 3] },
    { maxout: 2 },
    { dropout: 0.5 },
    { dense: 3 },
  ),
  'rows of images, for what cares for their order': of(
    { shape: [3, 2, 4] },
    { flatten: true },
    { norm: 'batch' },
    { maxout: 3 },
    { concat: [[], [{ relu: true }, { dense: 2 }]] },
    { sum: [[], [{ dense: 10 }], [{ norm: 'batch' }]] },
    { dense: 4 },
  ),
  'branches of flattened images': of(
    { shape: [3, 4, 2] },
    { concat: [[{ conv: 2 }, { flatten: true }, { sigmoid: true }], [{ gap: true }], [{ dense: 3 }]] },
    { dense: 5 },
  ),
  'images of one channel, and of one pixel': of(
    { shape: [5, 4, 1] },
    {
      concat: [
        [{ flatten: true }, { norm: 'batch' }],
        [{ conv: 3, kernel: [5, 4], pad: 0 }, { flatten: true }],
      ],
    },
    { dense: 3 },
  ),
  'images as classes': of({ shape: [1, 3, 2] }, { conv: 2 }, { flatten: true }, { dropout: 0.1 }),
  'pools to the end': short('9x9x3 conv6 conv4bare gap', colors),
  'rows in rows': of(
    { shape: [5, 8], normalization: { mean: [0.5], deviation: [2] } },
    { norm: 'batch' },
    { concat: [[{ tanh: true }], [{ maxout: 2 }]] },
    { sum: [[], [{ relu: true }]] },
    { flatten: true },
    { dense: 6 },
    { relu: true },
  ),
  'names that meet': of(
    { shape: [4] },
    { name: 'input', dense: 5 },
    { name: 'probabilities', relu: true },
    { name: 'a', dense: 4 },
    { name: 'a.weight', tanh: true },
    { name: 'a.bias', dense: 3 },
    { name: 'logits', relu: true },
    { name: 'last', dense: 3 },
  ),
};

/** With random weights; variances are positive. */
export function studentOf(architecture: Architecture, seed = 1): TrainedModel {
  const random = randomlyTrained(architecture, seed);
  const weights = new Map(random.weights);
  for (const [name, values] of weights)
    if (name.endsWith('.variance'))
      weights.set(
        name,
        values.map((v) => 0.3 + v * v),
      );
  return { ...random, weights };
}

/** n random samples, bytes or numbers of their own mean and deviation, by the input. */
export function samplesFor(
  { shape, values, normalization }: InputSpec,
  n: number,
): Uint8Array | Float32Array {
  const length = n * shape.reduce((product, each) => product * each, 1);
  const next = numbers(length);
  if (values === 'bytes') return Uint8Array.from({ length }, () => 128 + 128 * next());
  const [mean, deviation] = [normalization?.mean ?? [0], normalization?.deviation ?? [1]];
  const of = (list: readonly number[], i: number) => list[i % list.length]!;
  return Float32Array.from({ length }, (_, i) => of(mean, i) + Math.min(10, of(deviation, i)) * 2 * next());
}

/** Images [n, height, width, channels] as [n, channels, height, width]. */
export function channelsFirst(
  values: ArrayLike<number>,
  [height, width, channels]: readonly number[],
): Float32Array {
  const [pixels, count] = [height! * width!, channels!];
  return Float32Array.from({ length: values.length }, (_, i) => {
    const image = Math.floor(i / (pixels * count));
    const [channel, pixel] = [Math.floor(i / pixels) % count, i % pixels];
    return values[image * pixels * count + pixel * count + channel]!;
  });
}
