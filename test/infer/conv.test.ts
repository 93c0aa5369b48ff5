import { describe, expect, test } from 'vitest';
import { type Architecture, encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import { network, ops, variable } from 'wasm-distill/graph';
import { DistillError, load } from 'wasm-distill/infer';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { asFloat32 } from '#library/formats/safetensors.js';
import { channelOf, outputChannels } from '#library/nn/fold-weights.js';
import { atomsOf, placedLayers } from '#library/nn/placed-layers.js';
import { numbers } from '../support/models.ts';

type Layers = Architecture['layers'];

/** A model whose activations stay about as large as its inputs, batch norm's statistics included. */
function modelOf(input: Architecture['input'], layers: Layers, seed = 1): TrainedModel {
  const architecture: Architecture = { input, layers };
  const next = numbers(seed);
  const weights = network(architecture).parameters.map(
    ({ name, shape, role, fanIn }): [string, Float32Array] => {
      const size = shape.reduce((a, b) => a * b, 1);
      const limit = Math.sqrt(3 / fanIn);
      const value = {
        weight: () => limit * next(),
        bias: () => next() / 3,
        scale: () => 1 + next() / 2,
        shift: () => next() / 2,
        state: () => (name.endsWith('variance') ? 0.3 + Math.abs(next()) : next() / 3),
      }[role];
      return [name, Float32Array.from({ length: size }, value)];
    },
  );
  return { architecture, weights: new Map(weights) };
}

/** Probabilities by the operators' definitions in float64. */
function reference({ architecture, weights }: TrainedModel, data: ArrayLike<number>, n: number): number[] {
  const made = network(architecture);
  const x = variable('x', [n, ...architecture.input.shape]);
  const { logits } = made.forward(x, 'infer');
  const values = new Map<unknown, Float64Array>([
    [x, Float64Array.from(data)],
    ...made.parameters.map(({ name, variable: v }): [unknown, Float64Array] => [
      v,
      Float64Array.from(weights.get(name)!),
    ]),
  ]);
  const [answer] = evaluateReference([ops.softmax(logits)], values as never, { seed: 0, step: 0 });
  return [...answer!];
}

function imagesOf({ architecture }: TrainedModel, n: number, seed = 7): Float32Array {
  const next = numbers(seed);
  const size = architecture.input.shape.reduce((a, b) => a * b, n);
  return Float32Array.from({ length: size }, next);
}

async function compare(model: TrainedModel, n: number, tolerance = 1e-5): Promise<void> {
  const data = imagesOf(model, n);
  const expected = reference(model, data, n);
  const student = await load(encodeModel(model));
  const { probabilities } = student.predictBatch(data, n);
  expect(probabilities.length).toBe(expected.length);
  probabilities.forEach((p, i) => {
    if (!(Math.abs(p - expected[i]!) <= tolerance))
      throw new Error(
        `probability ${i} is ${p} instead of ${expected[i]}: ${JSON.stringify(model.architecture)}`,
      );
  });
  const size = data.length / n;
  for (const i of [0, n - 1]) {
    const alone = student.predict(data.subarray(i * size, (i + 1) * size));
    const row = probabilities.subarray(i * student.classes, (i + 1) * student.classes);
    expect(alone.probabilities).toEqual(row);
  }
}

const relu = { relu: true } as const;
const norm = { norm: 'batch' } as const;
const block = (filters: number, stride = 1): Layers => [
  {
    sum: [
      [{ conv: filters, stride, bias: false }, norm, relu, { conv: filters, bias: false }, norm],
      stride === 1 ? [] : [{ conv: filters, kernel: 1, stride, bias: false }, norm],
    ],
  },
  relu,
];
const fire = (squeeze: number, one: number, three: number): Layers => [
  { conv: squeeze, kernel: 1 },
  relu,
  {
    concat: [
      [{ conv: one, kernel: 1 }, relu],
      [{ conv: three }, relu],
    ],
  },
];

const end: Layers = [{ gap: true }, { dense: 4 }];

/** Shape of an image, layers. */
const cases: Record<string, [number[], Layers]> = {
  'a convolution': [
    [7, 6, 3],
    [{ conv: 5 }, ...end],
  ],
  'one channel, 5 × 5, no padding': [
    [9, 8, 1],
    [{ conv: 9, kernel: 5, pad: 0 }, relu, ...end],
  ],
  'one pixel': [
    [1, 1, 2],
    [{ conv: 3 }, { flatten: true }, { dense: 2 }],
  ],
  'filters from 1 to 17': [
    [5, 4, 2],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17].flatMap((conv) => [{ conv }, relu]).concat(end as never),
  ],
  'strides and odd paddings': [
    [11, 10, 3],
    [{ conv: 6, kernel: [3, 4], stride: [2, 3], pad: [2, 0, 1, 3] }, norm, ...end],
  ],
  'padding that no window reaches': [
    [6, 6, 3],
    [{ conv: 4, kernel: 2, stride: 4, pad: [1, 1, 2, 2] }, ...end],
  ],
  dilation: [
    [9, 9, 4],
    [{ conv: 5, dilation: [2, 1] }, relu, { conv: 6, dilation: 3 }, relu, ...end],
  ],
  'one pixel that several branches flatten': [
    [1, 1, 6],
    [
      {
        concat: [
          [{ flatten: true }, { tanh: true }, { dense: 4 }],
          [{ flatten: true }, { dense: 4 }],
        ],
      },
      { dense: 3 },
    ],
  ],
  groups: [
    [6, 7, 12],
    [{ conv: 8, groups: 4 }, relu, { conv: 8, groups: 8 }, { conv: 12, groups: 2, kernel: 1 }, ...end],
  ],
  depthwise: [
    [7, 9, 6],
    [{ depthwise: 3 }, norm, relu, { depthwise: [2, 3], stride: 2, dilation: [1, 2] }, ...end],
  ],
  'transposed convolution': [
    [5, 4, 3],
    [{ deconv: 5 }, relu, { deconv: 4, stride: 2 }, norm, relu, ...end],
  ],
  'transposed, with strides above the kernel': [
    [4, 3, 5],
    [
      { deconv: 3, kernel: 2, stride: 3 },
      { deconv: 4, kernel: [4, 3], stride: [2, 1], pad: [1, 0, 0, 1], dilation: [1, 2] },
      ...end,
    ],
  ],
  pools: [
    [12, 11, 5],
    [
      { pool: 2 },
      { conv: 6 },
      { pool: 3, stride: 2, pad: 1 },
      { avg: 2, pad: [1, 0, 0, 1] },
      { conv: 3 },
      ...end,
    ],
  ],
  upsample: [
    [3, 4, 5],
    [{ upsample: [2, 3] }, { conv: 4 }, ...end],
  ],
  activations: [
    [5, 5, 3],
    [
      { conv: 6 },
      { leakyRelu: 0.1 },
      { conv: 6 },
      { sigmoid: true },
      { conv: 7 },
      { tanh: true },
      { conv: 6 },
      { maxout: 3 },
      ...end,
    ],
  ],
  'a dense layer of an image with a halo': [
    [6, 5, 7],
    [{ sum: [[{ conv: 7 }, relu, { conv: 7 }], []] }, { dense: 9 }, norm, relu, { dense: 3 }],
  ],
  'norm before anything': [
    [5, 6, 3],
    [norm, relu, { conv: 4 }, relu, norm, ...end],
  ],
  'a residual network': [
    [8, 8, 3],
    [{ conv: 8, bias: false }, norm, relu, ...block(8), ...block(16, 2), ...block(16), ...end],
  ],
  'pre-activation': [
    [6, 6, 4],
    [
      { conv: 8 },
      { sum: [[norm, relu, { conv: 8 }, norm, relu, { conv: 8 }], []] },
      { sum: [[norm, relu, { conv: 8 }], []] },
      norm,
      relu,
      ...end,
    ],
  ],
  'fire modules': [
    [9, 9, 3],
    [
      { conv: 8, stride: 2 },
      relu,
      ...fire(4, 8, 8),
      ...fire(3, 5, 6),
      { conv: 5, kernel: 1 },
      relu,
      { gap: true },
    ],
  ],
  'sums of one layer, of themselves, of sums': [
    [5, 4, 3],
    [
      { sum: [[{ conv: 3 }], []] },
      { sum: [[], []] },
      { sum: [[], [], [{ conv: 3 }, relu]] },
      {
        sum: [
          [{ sum: [[{ conv: 3 }, { conv: 3 }], []] }, relu],
          [{ depthwise: 3 }, { tanh: true }],
        ],
      },
      relu,
      ...end,
    ],
  ],
  'joins of joins, rows too': [
    [4, 4, 2],
    [
      {
        concat: [
          [],
          [
            {
              concat: [
                [{ conv: 3 }, { pool: 2, stride: 1, pad: [0, 0, 1, 1] }],
                [relu],
                [{ maxout: 2 }, { conv: 3 }],
              ],
            },
            relu,
          ],
        ],
      },
      { concat: [[{ flatten: true }], [{ dense: 5 }, relu], [{ gap: true }]] },
      { sum: [[{ dense: 6 }], [{ dense: 6 }, { tanh: true }]] },
      relu,
      { dense: 3 },
    ],
  ],
  'a list of numbers of two dimensions': [
    [4, 6],
    [norm, { maxout: 2 }, { dense: 5 }],
  ],
  'Conv-M': [
    [8, 8, 6],
    [
      { conv: 4, kernel: 1 },
      relu,
      { concat: [[{ conv: 4 }], [{ conv: 3, dilation: 2 }], [{ deconv: 5 }]] },
      norm,
      relu,
      ...end,
    ],
  ],
};

describe('networks of images, against the definitions in float64', () => {
  test.each(Object.entries(cases))('%s', async (_, [shape, layers]) => {
    const model = modelOf({ shape }, layers);
    for (const n of [1, 3]) await compare(model, n);
  });

  test('a pool does not hide what has overflowed', async () => {
    const layers: Layers = [{ conv: 4, kernel: 1, bias: false }, { pool: 2 }, ...end];
    const model = modelOf({ shape: [4, 4, 2] }, layers);
    model.weights.get('0.weight')!.set([3e38, 3e38, 3e38, 3e38, -3e38, -3e38, -3e38, -3e38]);
    const student = await load(encodeModel(model));
    const data = new Float32Array(32).fill(1);
    expect(student.predict(data).probabilities.length).toBe(4);
    // One pixel, ∞ − ∞.
    data.fill(2, 10, 12);
    expect(() => student.predict(data)).toThrow(/the model gives NaN for input 0/);
  });

  test('more images than are computed together', async () => {
    const [shape, layers] = cases['a residual network']!;
    await compare(modelOf({ shape }, layers), 40);
  });
});

describe('with 8 bits', () => {
  test.each(Object.entries(cases))('%s', async (_, [shape, layers]) => {
    const model = modelOf({ shape }, layers);
    const data = imagesOf(model, 3);
    const file = encodeInt8Model(model);
    const { probabilities } = (await load(file)).predictBatch(data, 3);
    const rounded = (await load(encodeModel(dequantized(file)))).predictBatch(data, 3).probabilities;
    const exact = (await load(encodeModel(model))).predictBatch(data, 3).probabilities;
    // Convolutions take activations of some 12 to 15 bits; dense layers, of 8, and there is at most one after another.
    probabilities.forEach((p, i) => {
      expect(Math.abs(p - rounded[i]!)).toBeLessThan(0.01);
      expect(Math.abs(p - exact[i]!)).toBeLessThan(0.04);
    });
  });

  test('images of bytes need no floats: the same numbers, bit for bit where steps agree', async () => {
    const input = {
      shape: [9, 7, 3],
      values: 'bytes',
      normalization: { mean: [120, 110, 100], deviation: [60, 61, 62] },
    } as const;
    const model = modelOf(input, [{ conv: 8 }, relu, { conv: 6 }, ...end]);
    const next = numbers(3);
    const bytes = Uint8Array.from({ length: 2 * 9 * 7 * 3 }, () => Math.floor((next() + 1) * 128));
    // Both ends, so that the range of these images is that of all images.
    bytes.set([0, 0, 0, 255, 255, 255]);
    bytes.set([0, 0, 0, 255, 255, 255], 9 * 7 * 3);
    const student = await load(encodeInt8Model(model));
    const given = student.predictBatch(bytes, 2);
    expect(given).toEqual(student.predictBatch(Float32Array.from(bytes), 2));
    const exact = (await load(encodeModel(model))).predictBatch(bytes, 2);
    given.probabilities.forEach((p, i) => {
      expect(Math.abs(p - exact.probabilities[i]!)).toBeLessThan(0.03);
    });
  });

  test('the largest sums fit', async () => {
    const channels = 7000;
    const architecture: Architecture = {
      input: { shape: [3, 3, channels] },
      layers: [{ conv: 2, pad: 0 }, { flatten: true }],
    };
    const weights = new Map([
      ['0.weight', new Float32Array(9 * channels * 2).map((_, i) => (i % 2 ? -1e-4 : 1e-4))],
      ['0.bias', new Float32Array(2)],
    ]);
    const student = await load(encodeInt8Model({ architecture, weights }));
    const { probabilities } = student.predict(new Float32Array(9 * channels).fill(0.5));
    // Logits ±3.15.
    expect(probabilities[1]).toBeCloseTo(1 / (1 + Math.exp(6.3)), 5);
  });
});

/** The f32 model that a file of 8 bits stands for. */
function dequantized(file: Uint8Array): TrainedModel {
  const { tensors, metadata } = decodeSafetensors(file, 'test');
  const architecture = JSON.parse(metadata.architecture!) as Architecture;
  const weights = atomsOf(placedLayers(architecture)).flatMap(({ kind, parameters }) =>
    parameters.map(({ name, shape }): [string, Float32Array] => {
      const stored = tensors.get(name)!;
      if (stored.dtype !== 'I8') return [name, asFloat32(stored, 'test')];
      const scales = asFloat32(tensors.get(name.replace(/weight$/, 'scale'))!, 'test');
      const outputs = outputChannels(kind === 'deconv', shape);
      const whole = new Int8Array(stored.bytes);
      return [name, Float32Array.from(whole, (q, i) => q * scales[channelOf(i, outputs)]!)];
    }),
  );
  return { architecture, weights: new Map(weights) };
}

describe('files that are no students', () => {
  const model = modelOf({ shape: [8, 8, 3] }, cases['a residual network']![1]);
  const files = [encodeModel(model), encodeInt8Model(model)];

  /** A student that answers, or an error that says what is wrong. */
  async function tried(file: Uint8Array): Promise<string> {
    try {
      const student = await load(file);
      student.predict(new Float32Array(student.inputs).fill(0.3));
      return 'answered';
    } catch (error) {
      if (error instanceof DistillError) return error.code;
      throw error;
    }
  }

  test('with bytes changed, cut off or in another order', async () => {
    const next = numbers(5);
    const below = (n: number) => Math.floor(((next() + 1) / 2) * n);
    const counts: Record<string, number> = {};
    for (const file of files)
      for (let i = 0; i < 150; i++) {
        const changed = file.slice(0, i % 3 === 0 ? below(file.length) : file.length);
        // Mostly in the header, where each byte means something.
        for (let k = 0; k < 1 + (i % 4); k++) changed[below(i % 5 ? 3000 : changed.length)] = below(256);
        const code = await tried(changed);
        counts[code] = (counts[code] ?? 0) + 1;
      }
    expect(
      Object.keys(counts).filter((code) => !['answered', 'bad-file', 'diverged', 'memory'].includes(code)),
    ).toEqual([]);
    expect(counts['bad-file']).toBeGreaterThan(150);
  });

  const wrong: [string, object[], RegExp][] = [
    ['images for rows', [{ gap: true }, { conv: 3 }], /layer 1 takes images, but its input is \[3\]/],
    ['a kernel larger than its image', [{ conv: 3, kernel: 9, pad: 0 }], /larger than the image/],
    ['a pool larger than its image', [{ pool: 9 }], /larger than the image/],
    ['groups that do not divide', [{ conv: 4, groups: 2 }], /can't be divided into 2 groups/],
    ['pieces that do not divide', [{ maxout: 2 }], /3 channels aren't groups of 2/],
    ['sums that do not fit', [{ sum: [[{ pool: 2 }], []] }], /don't fit together/],
    ['joins that do not fit', [{ concat: [[{ pool: 2 }], []] }], /don't fit together/],
    ['an image as the answer', [{ pool: 2 }], /makes \[4,4,3\] where a row of classes is needed/],
    ['weights that are absent', [{ depthwise: 3 }], /0.weight should be a tensor of shape \[3,3,3\]/],
    ['statistics that are absent', [{ norm: 'batch' }], /0.scale should be/],
    ['more memory than there is', [{ upsample: 60000 }, { gap: true }], /MiB, which can't be had/],
  ];
  test.each(wrong)('%s', async (_, layers, message) => {
    const file = encodeSafetensors([], {
      architecture: JSON.stringify({ input: { shape: [8, 8, 3] }, layers }),
    });
    const error = await load(file).catch((cause: unknown) => cause);
    const code = /MiB/.test(message.source) ? 'memory' : 'bad-file';
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
