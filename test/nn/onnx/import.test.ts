import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine, type LayerSpec, makeDataset, type TrainedModel } from 'wasm-distill';
import { freeOnnxBatch, importOnnx, type OnnxImportOptions, readOnnx } from 'wasm-distill/formats';
import { logitsOf } from '#library/teachers/logits.js';
import { faultOf } from '../../support/faults.js';
import {
  attribute,
  entry,
  float,
  initializer,
  int,
  ints,
  lengthed,
  node,
  onnxFile,
  type Parts,
  raw,
  value,
} from '../../support/onnx-bytes.js';
import { openOnnx } from '../../support/onnx-runtime.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Numbers from −0.5 to 0.5 that don't repeat soon. */
function numbers(length: number, seed = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + 17 * seed + 1) * 7919) % 1999) / 1999 - 0.5);
}

const weights = (name: string, shape: readonly number[], seed = name.length) =>
  initializer(name, 1, shape, raw(numbers(count(shape), seed)));
const positive = (name: string, shape: readonly number[]) =>
  initializer(name, 1, shape, raw(numbers(count(shape), 3).map((x) => x + 1)));
const integers = (name: string, list: readonly number[]) =>
  initializer(name, 7, [list.length], raw(BigInt64Array.from(list.map(BigInt))));
const one = (name: string, number: number) => attribute(name, int(3, number), 2);

const SAMPLES = 3;

/** Channel by channel, what ours has pixel by pixel. */
function channelsFirst(values: Float32Array, [h, w, c]: readonly number[]): Float32Array {
  const pixels = h! * w!;
  return Float32Array.from(values, (_, i) => {
    const [sample, rest] = [Math.floor(i / (c! * pixels)), i % (c! * pixels)];
    return values[(sample * pixels + (rest % pixels)) * c! + Math.floor(rest / pixels)]!;
  });
}

/** How far the import's logits are from what onnxruntime-web answers. */
async function distance(file: Uint8Array, model: TrainedModel, output = 'y'): Promise<number> {
  const { shape } = model.architecture.input;
  const values = numbers(SAMPLES * count(shape), 5);
  const [input] = readOnnx(file, 'm.onnx').graph.inputs;
  const sample = input!.shape!.slice(1) as number[];
  const isTurned = sample.length === 3 && shape.length === 3 && sample.join() !== shape.join();
  const running = await openOnnx(freeOnnxBatch(file, 'm.onnx'));
  try {
    const given = isTurned ? channelsFirst(values, shape) : values;
    const { [output]: expected } = await running.run(given, sample, SAMPLES);
    const classes = expected!.length / SAMPLES;
    const labels = new Int32Array(SAMPLES);
    const data = makeDataset({ inputs: { shape, values }, labels, classes: Math.max(2, classes) });
    const own = await logitsOf(engine, [model], data);
    return own.reduce((worst, z, i) => Math.max(worst, Math.abs(z - expected![i]!)), 0);
  } finally {
    await running.close();
  }
}

const images = (graph: Parts, shape: readonly number[] = [2, 7, 6]) =>
  onnxFile([...graph, ...value(11, 'x', [1, ...shape]), ...value(12, 'y')]);

/** What ends a network: all numbers of t in a row, and 4 classes of them. */
const end = (length: number): Parts => [
  ...node('Flatten', ['t'], ['row']),
  ...node('Gemm', ['row', 'fc.weight', 'fc.bias'], ['y']),
  ...weights('fc.weight', [length, 4]),
  ...weights('fc.bias', [4]),
];

const layers = (file: Uint8Array, options?: OnnxImportOptions): readonly LayerSpec[] =>
  importOnnx(file, 'm.onnx', options).architecture.layers;

const convolution = (attributes: Parts = [], shape = [3, 2, 3, 2]) => [
  ...node('Conv', ['x', 'conv.weight', 'conv.bias'], ['t'], { attributes }),
  ...weights('conv.weight', shape),
  ...weights('conv.bias', [shape[0]!]),
];
const auto = (word: string) => attribute('auto_pad', lengthed(4, word), 3);

const word = (name: string, text: string) => attribute(name, lengthed(4, text), 3);
const repeating = [
  ...word('mode', 'nearest'),
  ...word('coordinate_transformation_mode', 'asymmetric'),
  ...word('nearest_mode', 'floor'),
];
const transposed = (attributes: Parts) => [
  ...node('ConvTranspose', ['x', 'up.weight', 'up.bias'], ['t'], { attributes }),
  ...weights('up.weight', [2, 3, 3, 4]),
  ...weights('up.bias', [3]),
];

describe('what onnxruntime-web computes is what the import computes', () => {
  const fc = { name: 'fc', dense: 4 };
  const conv: LayerSpec = { name: 'conv', conv: 3, kernel: [3, 2] };
  const pool = (op: string, attributes: Parts, more: Parts = []) => [
    ...node(op, ['x'], ['t'], { attributes: [...attributes, ...more] }),
  ];
  const kernel = ints('kernel_shape', [3, 2]);
  const strides = ints('strides', [2, 3]);
  const cases: Record<string, [graph: Parts, layers: readonly LayerSpec[], shape?: readonly number[]]> = {
    'a convolution without padding': [
      [...convolution(), ...end(75)],
      [{ ...conv, pad: 0 }, fc],
    ],
    'pads on one side more': [
      [...convolution([...ints('pads', [2, 0, 1, 3]), ...strides]), ...end(36)],
      [{ ...conv, stride: [2, 3], pad: [2, 0, 1, 3] }, fc],
    ],
    'SAME_UPPER with strides': [
      [...convolution([...auto('SAME_UPPER'), ...strides]), ...end(24)],
      [{ ...conv, stride: [2, 3], pad: [1, 0, 1, 0] }, fc],
    ],
    SAME_LOWER: [
      [...convolution([...auto('SAME_LOWER')]), ...end(126)],
      [{ ...conv, pad: [1, 1, 1, 0] }, fc],
    ],
    'SAME_UPPER as our usual padding': [
      [...convolution([...auto('SAME_UPPER')]), ...end(126)],
      [conv, fc],
    ],
    'a dilated one in groups': [
      [
        ...convolution(
          [...one('group', 2), ...ints('dilations', [2, 1]), ...ints('pads', [2, 0, 2, 1])],
          [4, 1, 3, 2],
        ),
        ...end(168),
      ],
      [{ ...conv, conv: 4, dilation: [2, 1], groups: 2 }, fc],
    ],
    'one filter by channel': [
      [...convolution([...one('group', 2), ...ints('pads', [1, 0, 1, 1])], [2, 1, 3, 2]), ...end(84)],
      [{ name: 'conv', depthwise: [3, 2] }, fc],
    ],
    'a max pool whose last windows end outside': [
      [
        ...pool(
          'MaxPool',
          [...ints('kernel_shape', [2, 2]), ...ints('strides', [2, 2])],
          one('ceil_mode', 1),
        ),
        ...end(24),
      ],
      [{ pool: 2, pad: [0, 0, 1, 0] }, fc],
    ],
    'a max pool with padding': [
      [...pool('MaxPool', kernel, ints('pads', [1, 1, 1, 1])), ...end(98)],
      [{ pool: [3, 2], stride: 1, pad: 1 }, fc],
    ],
    'a mean that counts padding': [
      [
        ...pool('AveragePool', kernel, [...ints('pads', [1, 0, 0, 1]), ...one('count_include_pad', 1)]),
        ...end(72),
      ],
      [{ avg: [3, 2], stride: 1, pad: [1, 0, 0, 1] }, fc],
    ],
    'a mean whose padding no window reaches': [
      [
        ...pool(
          'AveragePool',
          [...ints('kernel_shape', [3, 2]), ...ints('strides', [2, 2])],
          [...ints('pads', [0, 0, 1, 1])],
        ),
        ...end(18),
      ],
      [{ avg: [3, 2], stride: 2 }, fc],
    ],
    'a transposed convolution, padded, with more at the end': [
      [
        ...transposed([
          ...ints('strides', [2, 3]),
          ...ints('pads', [1, 0, 2, 1]),
          ...ints('output_padding', [1, 1]),
        ]),
        ...end(3 * 13 * 19),
      ],
      [{ name: 'up', deconv: 3, kernel: [3, 4], stride: [2, 3], pad: [1, 0, 1, 0] }, fc],
    ],
    'one that makes images stride times as large, by auto_pad': [
      [...transposed([...ints('strides', [1, 2]), ...auto('SAME_UPPER')]), ...end(3 * 7 * 12)],
      [{ name: 'up', deconv: 3, kernel: [3, 4], stride: [1, 2] }, fc],
    ],
    'pixels that are repeated, placed by corners or by centers': [
      [
        ...node('Resize', ['x', '', 'scales'], ['a'], { attributes: repeating }),
        ...initializer('scales', 1, [4], raw(Float32Array.of(1, 1, 2, 3))),
        ...node('Resize', ['a', '', 'twice'], ['t'], { attributes: word('mode', 'nearest') }),
        ...initializer('twice', 1, [4], raw(Float32Array.of(1, 1, 2, 2))),
        ...end(2 * 28 * 36),
      ],
      [{ upsample: [2, 3] }, { upsample: 2 }, fc],
    ],
    'the greatest of groups of channels, of images and of rows': [
      [
        ...node('Conv', ['x', 'conv.weight', 'conv.bias'], ['c']),
        ...weights('conv.weight', [6, 2, 3, 2]),
        ...weights('conv.bias', [6]),
        ...node('Reshape', ['c', 'groups'], ['g']),
        ...integers('groups', [0, 2, 3, 5, 5]),
        ...node('ReduceMax', ['g'], ['m'], { attributes: [...ints('axes', [2]), ...one('keepdims', 0)] }),
        ...node('Flatten', ['m'], ['r']),
        ...node('Gemm', ['r', 'mid.weight'], ['d']),
        ...weights('mid.weight', [50, 8]),
        ...node('Reshape', ['d', 'pairs'], ['p']),
        ...integers('pairs', [-1, 4, 2]),
        ...node('ReduceMax', ['p'], ['t'], { attributes: [...ints('axes', [-1]), ...one('keepdims', 0)] }),
        ...end(4),
      ],
      [
        { name: 'conv', conv: 6, kernel: [3, 2], pad: 0 },
        { maxout: 3 },
        { name: 'mid', dense: 8, bias: false },
        { maxout: 2 },
        fc,
      ],
    ],
    'the maximum of all pixels': [
      [...node('GlobalMaxPool', ['x'], ['t']), ...end(2)],
      [{ pool: [7, 6] }, fc],
    ],
    'the mean of all pixels, then a convolution of it': [
      [
        ...node('GlobalAveragePool', ['x'], ['g']),
        ...node('Conv', ['g', 'c.weight'], ['t']),
        ...weights('c.weight', [5, 2, 1, 1]),
        ...end(5),
      ],
      [{ gap: true }, { name: 'c', dense: 5, bias: false }, fc],
    ],
    'batch norm, kept, and what differs from our defaults': [
      [
        ...node('Conv', ['x', 'conv.weight'], ['c'], { attributes: ints('pads', [1, 0, 1, 1]) }),
        ...weights('conv.weight', [3, 2, 3, 2]),
        ...node('BatchNormalization', ['c', 'bn.weight', 'shift', 'mean', 'variance'], ['t'], {
          attributes: [
            ...attribute('epsilon', float(2, 0.01), 1),
            ...attribute('momentum', float(2, 0.8), 1),
          ],
        }),
        ...weights('bn.weight', [3]),
        ...weights('shift', [3]),
        ...weights('mean', [3]),
        ...positive('variance', [3]),
        ...end(126),
      ],
      [{ ...conv, bias: false }, { name: 'bn', norm: 'batch', momentum: 0.2, epsilon: 0.01 }, fc],
    ],
    'batch norm of a row that was an image': [
      [
        ...node('Flatten', ['x'], ['r']),
        ...node('BatchNormalization', ['r', 'bn.weight', 'shift', 'mean', 'variance'], ['t']),
        ...weights('bn.weight', [84]),
        ...weights('shift', [84]),
        ...weights('mean', [84]),
        ...positive('variance', [84]),
        ...end(84),
      ],
      [{ flatten: true }, { name: 'bn', norm: 'batch' }, fc],
    ],
    'functions of single numbers': [
      [
        ...node('Sigmoid', ['x'], ['a']),
        ...node('Tanh', ['a'], ['b']),
        ...node('LeakyRelu', ['b'], ['c'], { attributes: attribute('alpha', float(2, 0.2), 1) }),
        ...node('Clip', ['c', 'zero'], ['t']),
        ...initializer('zero', 1, [], float(4, 0)),
        ...end(84),
      ],
      [{ sigmoid: true }, { tanh: true }, { leakyRelu: 0.2 }, { relu: true }, fc],
    ],
    'numbers by channel behind a convolution': [
      [
        ...node('Conv', ['x', 'conv.weight'], ['c']),
        ...weights('conv.weight', [3, 2, 3, 2]),
        ...node('Mul', ['c', 'k'], ['d']),
        ...node('Add', ['b', 'd'], ['e']),
        ...node('Sub', ['one', 'e'], ['f']),
        ...node('Div', ['f', 'k'], ['t']),
        ...positive('k', [3, 1, 1]),
        ...weights('b', [1, 3, 1, 1]),
        ...initializer('one', 1, [1], float(4, 1)),
        ...end(75),
      ],
      [{ ...conv, pad: 0 }, fc],
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [graph, expected, shape]) => {
    const file = images(graph, shape);
    const model = importOnnx(file, 'm.onnx');
    expect(model.architecture.layers).toEqual(expected);
    expect(await distance(file, model)).toBeLessThan(1e-5);
  });

  test('branches: a sum with a projection, a sum with the input, a join, one in another', async () => {
    const conv = (from: string, to: string, filters: number, channels: number, size = 3) => [
      ...node('Conv', [from, `${to}.weight`], [to], {
        attributes: ints('pads', size === 3 ? [1, 1, 1, 1] : [0, 0, 0, 0]),
      }),
      ...weights(`${to}.weight`, [filters, channels, size, size]),
    ];
    const file = images([
      ...conv('x', 'a', 3, 2),
      ...conv('x', 'b', 3, 2, 1),
      ...node('Add', ['a', 'b'], ['ab']),
      ...node('Relu', ['ab'], ['r']),
      ...conv('r', 'c', 3, 3),
      ...node('Add', ['c', 'r'], ['cr']),
      ...conv('cr', 'd', 2, 3, 1),
      ...conv('cr', 'e', 2, 3),
      ...node('Relu', ['e'], ['e2']),
      ...conv('e2', 'f', 2, 2),
      ...node('Sum', ['f', 'e2', 'e2'], ['g']),
      ...node('Concat', ['d', 'cr', 'g'], ['t'], { attributes: one('axis', -3) }),
      ...end(7 * 42),
    ]);
    const model = importOnnx(file, 'm.onnx');
    const own = (name: string, filters: number, more = {}) => ({ name, conv: filters, ...more, bias: false });
    expect(model.architecture.layers).toEqual([
      { sum: [[own('a', 3)], [own('b', 3, { kernel: 1 })]] },
      { relu: true },
      { sum: [[own('c', 3)], []] },
      {
        concat: [
          [own('d', 2, { kernel: 1 })],
          [],
          [own('e', 2), { relu: true }, { sum: [[own('f', 2)], [], []] }],
        ],
      },
      { name: 'fc', dense: 4 },
    ]);
    expect(await distance(file, model)).toBeLessThan(1e-5);
  });

  test('images pixel by pixel, as converters from TensorFlow have them', async () => {
    const turn = (order: readonly number[]) => ({ attributes: ints('perm', order) });
    const file = images(
      [
        ...node('Sub', ['x', 'mean'], ['m']),
        ...node('Div', ['m', 'deviation'], ['n']),
        ...node('Transpose', ['n'], ['first'], turn([0, 3, 1, 2])),
        ...node('Conv', ['first', 'conv.weight'], ['c']),
        ...weights('conv.weight', [3, 2, 3, 2]),
        ...node('Transpose', ['c'], ['last'], turn([0, 2, 3, 1])),
        ...node('Add', ['last', 'b'], ['t']),
        ...weights('mean', [2]),
        ...positive('deviation', [1, 1, 1, 2]),
        ...weights('b', [3]),
        ...end(75),
      ],
      [7, 6, 2],
    );
    const model = importOnnx(file, 'm.onnx');
    const { input } = model.architecture;
    expect(input.shape).toEqual([7, 6, 2]);
    expect(input.normalization!.mean).toHaveLength(2);
    expect(await distance(file, model)).toBeLessThan(1e-5);
  });

  test('rows: products from both sides, what Gemm scales, a shape that is computed', async () => {
    const file = onnxFile([
      ...node('Shape', ['x'], ['s']),
      ...node('Gather', ['s', 'zero'], ['n']),
      ...node('Unsqueeze', ['n', 'first'], ['n1']),
      ...node('Concat', ['n1', 'open'], ['shape'], { attributes: one('axis', 0) }),
      ...node('Reshape', ['x', 'shape'], ['r']),
      ...node('Gemm', ['r', 'a.weight', 'b'], ['g'], {
        attributes: [
          ...attribute('alpha', float(2, 0.5), 1),
          ...attribute('beta', float(2, 2), 1),
          ...one('transB', 1),
        ],
      }),
      ...node('Unsqueeze', ['g', 'third'], ['column']),
      ...node('MatMul', ['w', 'column'], ['h']),
      ...node('Squeeze', ['h', 'open'], ['q']),
      ...node('MatMul', ['q', 'v'], ['i']),
      ...node('Add', ['i', 'c'], ['y']),
      ...initializer('zero', 7, [], raw(BigInt64Array.of(0n))),
      ...integers('first', [0]),
      ...integers('third', [2]),
      ...integers('open', [-1]),
      ...weights('a.weight', [6, 12]),
      ...weights('b', [6]),
      ...weights('w', [5, 6]),
      ...weights('v', [5, 4]),
      ...weights('c', [1, 4]),
      ...value(11, 'x', ['n', 3, 4]),
      ...value(12, 'y'),
    ]);
    const model = importOnnx(file, 'm.onnx');
    expect(model.architecture.layers).toEqual([
      { name: 'a', dense: 6 },
      { dense: 5, bias: false },
      { dense: 4 },
    ]);
    expect(await distance(file, model)).toBeLessThan(1e-5);
  });
});

const row = (graph: Parts, more: Parts = []) =>
  onnxFile([...graph, ...value(11, 'x', ['n', 6]), ...value(12, 'y')], more);
const gemm = (classes: number) => [
  ...node('Gemm', ['x', 'w', 'b'], ['z']),
  ...weights('w', [6, classes]),
  ...weights('b', [classes]),
];

describe('the ends of a graph', () => {
  test.each(['Softmax', 'LogSoftmax'])('%s is left out', async (op) => {
    const model = importOnnx(
      row([...gemm(4), ...node(op, ['z'], ['p']), ...node('Identity', ['p'], ['y'])]),
      'm.onnx',
    );
    expect(model.architecture.layers).toEqual([{ dense: 4 }]);
    expect(await distance(row([...gemm(4), ...node('Identity', ['z'], ['y'])]), model)).toBeLessThan(1e-6);
  });

  test('a sigmoid of one logit becomes two classes', async () => {
    const file = row([...gemm(1), ...node('Sigmoid', ['z'], ['y'])], entry(14, 'names', '["no", "yes"]'));
    const model = importOnnx(file, 'm.onnx');
    expect(model.architecture.layers).toEqual([{ dense: 2 }]);
    expect(model.classNames).toEqual(['no', 'yes']);
    const values = numbers(6);
    const data = makeDataset({ inputs: { shape: [6], values }, labels: Int32Array.of(0), classes: 2 });
    const [none, z] = await logitsOf(engine, [model], data);
    const running = await openOnnx(file);
    const { y } = await running.run(values, [6], 1);
    await running.close();
    expect(none).toBe(0);
    expect(1 / (1 + Math.exp(-z!))).toBeCloseTo(y![0]!, 6);
  });

  test('an output is chosen: logits rather than labels, or the one that is named', () => {
    const two = onnxFile([
      ...gemm(4),
      ...node('ArgMax', ['z'], ['label'], { attributes: one('axis', 1) }),
      ...node('Softmax', ['z'], ['y']),
      ...node('MatMul', ['x', 'v'], ['other']),
      ...weights('v', [6, 3]),
      ...value(11, 'x', ['n', 6]),
      ...value(12, 'label', ['n'], 7),
      ...value(12, 'y'),
      ...value(12, 'other'),
    ]);
    expect(layers(two)).toEqual([{ dense: 4 }]);
    expect(layers(two, { output: 'other' })).toEqual([{ dense: 3, bias: false }]);
    expect(() => layers(two, { output: 'z' })).toThrow('m.onnx has no output "z": there are label, y, other');
  });

  test('samples as the caller has them, and then as the graph scales them', async () => {
    const scaled = [...node('Mul', ['x', 'k'], ['t']), ...initializer('k', 1, [1], float(4, 2))];
    const file = images([...scaled, ...end(84)]);
    const normalization = { mean: [10, 20], deviation: [4, 8] };
    const { architecture } = importOnnx(file, 'm.onnx', { input: { values: 'bytes', normalization } });
    expect(architecture.input).toEqual({
      ...{ shape: [7, 6, 2], values: 'bytes' },
      normalization: { mean: [10, 20], deviation: [2, 4] },
    });
    expect(importOnnx(file, 'm.onnx').architecture.input).toEqual({
      ...{ shape: [7, 6, 2], values: 'floats' },
      normalization: { mean: [0], deviation: [0.5] },
    });
  });

  test('a mean of each number by one deviation, and what comes of it', async () => {
    const file = row([
      ...node('Sub', ['x', 'm'], ['t']),
      ...node('MatMul', ['t', 'w'], ['y']),
      ...weights('w', [6, 2]),
      ...weights('m', [6]),
    ]);
    const model = importOnnx(file, 'm.onnx');
    expect(model.architecture.input.normalization!.mean).toHaveLength(6);
    expect(await distance(file, model)).toBeLessThan(1e-6);
    const given = { mean: [1, 2, 3, 4, 5, 6], deviation: [0.5] };
    const plain = row([...node('MatMul', ['x', 'w'], ['y']), ...weights('w', [6, 2])]);
    const { architecture } = importOnnx(plain, 'm.onnx', { input: { normalization: given } });
    expect(architecture.input.normalization).toEqual({ ...given, deviation: Array(6).fill(0.5) });
  });

  test('bytes that are cast, and an image that comes as a row', async () => {
    const file = onnxFile([
      ...node('Cast', ['x'], ['f'], { attributes: one('to', 1) }),
      ...node('Reshape', ['f', 'shape'], ['i']),
      ...node('Conv', ['i', 'conv.weight'], ['t']),
      ...integers('shape', [-1, 1, 6, 5]),
      ...weights('conv.weight', [2, 1, 3, 3]),
      ...end(24),
      ...value(11, 'x', ['n', 30], 2),
      ...value(12, 'y'),
    ]);
    const { architecture } = importOnnx(file, 'm.onnx');
    expect(architecture.input).toEqual({ shape: [6, 5, 1], values: 'bytes' });
    expect(architecture.layers[0]).toEqual({ name: 'conv', conv: 2, pad: 0, bias: false });
  });

  test('weights in another file', async () => {
    const file = row([
      ...node('MatMul', ['x', 'w'], ['y']),
      ...initializer('w', 1, [6, 4], [...entry(13, 'location', 'm.data'), ...int(14, 1)]),
    ]);
    const data = new Uint8Array(numbers(24).buffer);
    const model = importOnnx(file, 'm.onnx', {
      files: (location) => (location === 'm.data' ? data : undefined),
    });
    expect([...model.weights.values()]).toEqual([numbers(24)]);
    expect(await faultOf(() => importOnnx(file, 'm.onnx'))).toMatchObject({ code: 'missing' });
  });

  test('dropout stays, for those who train on', () => {
    const file = row([
      ...node('Dropout', ['x'], ['d'], { attributes: attribute('ratio', float(2, 0.25), 1) }),
      ...node('MatMul', ['d', 'w'], ['y']),
      ...weights('w', [6, 4]),
    ]);
    expect(layers(file)).toEqual([{ dropout: 0.25 }, { dense: 4, bias: false }]);
  });
});

describe('what layers can’t express is refused in one sentence', () => {
  const matrix = (graph: Parts) => row([...graph, ...weights('w', [6, 4])]);
  const cases: Record<string, [file: Uint8Array, sentence: string]> = {
    'an operator': [
      matrix([...node('Einsum', ['x', 'w'], ['y'], { name: 'ein' })]),
      'the node Einsum "ein" is an operator that no layer is; known are Conv, ConvTranspose, Gemm,',
    ],
    'an operator of another domain': [
      matrix(node('LinearClassifier', ['x'], ['y'], { domain: 'ai.onnx.ml' })),
      'the node LinearClassifier is an operator that no layer is (of ai.onnx.ml); known are',
    ],
    'limits other than a ReLU’s': [
      row([
        ...gemm(4),
        ...node('Clip', ['z', 'zero', 'six'], ['y']),
        ...initializer('zero', 1, [], float(4, 0)),
        ...initializer('six', 1, [], float(4, 6)),
      ]),
      'the node Clip limits numbers to 0 to 6: of such limits a layer has 0 and none above, the ReLU',
    ],
    'pixels that are mixed': [
      images([
        ...node('Resize', ['x', '', 'scales'], ['t'], { attributes: word('mode', 'linear') }),
        ...initializer('scales', 1, [4], raw(Float32Array.of(1, 1, 2, 2))),
        ...end(336),
      ]),
      'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
    ],
    'half as many pixels': [
      images([
        ...node('Resize', ['x', '', 'scales'], ['t'], { attributes: repeating }),
        ...initializer('scales', 1, [4], raw(Float32Array.of(1, 1, 1, 0.5))),
        ...end(42),
      ]),
      'the node Resize makes images otherwise larger than by whole factors of height and width',
    ],
    'transposed convolutions in groups': [
      images([...transposed(one('group', 2)), ...end(3 * 9 * 9)]),
      'the node ConvTranspose has channels in groups, where the layer deconv has one group',
    ],
    'zeros behind what is made': [
      images([
        ...transposed([...ints('strides', [3, 4]), ...ints('output_padding', [2, 3])]),
        ...end(3 * 23 * 27),
      ]),
      "the node ConvTranspose adds zeros behind what it makes, which the layer deconv does with pad 'same' alone",
    ],
    'maxima of groups of channels that lie apart': [
      images([
        ...node('Reshape', ['x', 'groups'], ['g']),
        ...integers('groups', [0, 2, 1, 7, 6]),
        ...node('ReduceMax', ['g'], ['t'], { attributes: [...ints('axes', [1]), ...one('keepdims', 0)] }),
        ...end(42),
      ]),
      'the node ReduceMax is known of groups of consecutive channels alone, behind the Reshape that makes them',
    ],
    'a layer that is needed in two places': [
      row([
        ...gemm(4),
        ...node('Relu', ['z'], ['r']),
        ...node('Tanh', ['z'], ['t']),
        ...node('Add', ['r', 't'], ['s']),
        ...node('Add', ['r', 's'], ['y']),
      ]),
      'the node Relu is needed in two branches, where each layer has one place',
    ],
    'products of what is computed': [
      row([...gemm(6), ...node('Mul', ['z', 'x'], ['y'])]),
      'the node Mul joins tensors in a way that ours are not',
    ],
    'a bias where nothing takes it': [
      row([...gemm(4), ...node('Relu', ['z'], ['r']), ...node('Add', ['r', 'b'], ['y'])]),
      'the node Add scales or shifts numbers that come neither from the input nor from a convolution, dense layer or product',
    ],
    'images at the end': [
      images([...convolution(), ...node('Relu', ['t'], ['y'])]),
      'it ends with something else than a row of classes',
    ],
    'channels first at the end': [
      images([...convolution(), ...node('Flatten', ['t'], ['y'])]),
      'it ends with something else than a row of classes',
    ],
    'a pool whose last window begins outside': [
      images([
        ...node('MaxPool', ['x'], ['t'], {
          attributes: [...ints('kernel_shape', [3, 2]), ...ints('strides', [2, 3]), ...one('ceil_mode', 1)],
        }),
        ...end(12),
      ]),
      'the node MaxPool has a last window that begins behind the image, which runtimes see differently',
    ],
    'an order that has a dimension twice': [
      images([...node('Transpose', ['x'], ['t'], { attributes: ints('perm', [0, 2, 2, 1]) }), ...end(84)]),
      'the node Transpose moves the batch from its place, or has no order of all dimensions',
    ],
    'several inputs': [
      onnxFile([
        ...gemm(4),
        ...node('Relu', ['z'], ['y']),
        ...value(11, 'x', [1, 6]),
        ...value(11, 'mode'),
        ...value(12, 'y'),
      ]),
      'it has 2 inputs, x and mode',
    ],
    'an open size': [
      onnxFile([...convolution(), ...end(75), ...value(11, 'x', [1, 2, 'h', 'w']), ...value(12, 'y')]),
      'its input "x" is [1,2,h,w]: all sizes but the first must be told; export it for one',
    ],
    'no weights at all': [row(node('Relu', ['x'], ['y'])), 'the architecture has no layer with weights'],
    'weights that aren’t finite': [
      row([
        ...node('MatMul', ['x', 'w'], ['y']),
        ...initializer('w', 1, [6, 2], raw(new Float32Array(12).fill(Infinity))),
      ]),
      '0.weight should be 12 finite numbers of shape [6,2]',
    ],
    'weights of another size': [
      row([...node('MatMul', ['x', 'w'], ['y']), ...weights('w', [5, 2])]),
      'the node MatMul has weights for 5 inputs, but each sample has 6',
    ],
    'several sigmoids': [
      row([...gemm(4), ...node('Sigmoid', ['z'], ['y'])]),
      'its Sigmoid is of several classes, each by itself, where ours share a softmax',
    ],
    'an output that nothing flows into': [
      row([...gemm(4), ...node('Identity', ['w'], ['y'])]),
      "y doesn't depend on x",
    ],
    'a negative scale of the input': [
      row([
        ...node('Mul', ['x', 'k'], ['t']),
        ...node('MatMul', ['t', 'w'], ['y']),
        ...weights('w', [6, 2]),
        ...initializer('k', 1, [1], float(4, -1)),
      ]),
      'it scales its input by -1, where ours is divided by a positive deviation',
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [file, sentence]) => {
    const fault = await faultOf(() => importOnnx(file, 'm.onnx'));
    expect(fault.code).toBe('bad-file');
    expect(fault.message).toContain(`m.onnx can't become layers: ${sentence}`);
  });
});

describe('networks of others', () => {
  const folder = '../shared/data/onnx';
  const names = existsSync(folder) ? ['cifar10-resnet-4b', 'cifar10-cnn-large', 'mnist-net-256x2'] : [];
  test.each(names)('%s', async (name) => {
    const file = new Uint8Array(readFileSync(`${folder}/${name}.onnx`));
    const model = importOnnx(file, name);
    const [output] = readOnnx(file, name).graph.outputs;
    expect(await distance(file, model, output!.name)).toBeLessThan(1e-5);
  });
});
