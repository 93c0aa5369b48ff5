import { describe, expect, test } from 'vitest';
import { type Architecture, countParameters, mlp, multiplyAdds } from 'wasm-distill';
import { checkFits } from 'wasm-distill/graph';
import { checkArchitecture, forData } from '#library/nn/architecture.js';
import { byteInput } from '#library/nn/specs.js';

const sound = { input: { shape: [4] }, layers: [{ dense: 3 }, { relu: true }, { dense: 2 }] };

const KNOWN =
  'conv, deconv, depthwise, dense, norm, relu, leakyRelu, sigmoid, tanh, maxout, pool, avg, gap, upsample, flatten, dropout, sum, concat';

describe('checkArchitecture', () => {
  test('answers what is one, also read from JSON', () => {
    const full = {
      input: {
        shape: [2, 2, 3],
        values: 'bytes',
        normalization: { mean: [1, 2, 3], deviation: [4] },
      },
      layers: [{ flatten: true }, { name: 'a.b-1_', dense: 3 }, { dropout: 0 }, { dense: 2 }],
    };
    expect(checkArchitecture(JSON.parse(JSON.stringify(full)))).toEqual(full);
  });

  const layers = (...list: unknown[]) => ({ ...sound, layers: list });
  const input = (changes: object) => ({ ...sound, input: { shape: [2, 3], ...changes } });
  const normalization = (mean: unknown, deviation: unknown) => input({ normalization: { mean, deviation } });
  test.each<[unknown, string]>([
    [null, 'an architecture must be an object, not null'],
    [[1], 'an architecture must be an object, not [1]'],
    [{ kind: 'mlp', layers: [4, 2] }, 'an architecture has no "kind": known are input, layers'],
    [{ layers: [{ dense: 2 }] }, 'an architecture needs input'],
    [{ input: { shape: [4] } }, 'an architecture needs layers'],
    [input({ size: 3 }), 'input has no "size": known are shape, values, normalization'],
    [input({ shape: undefined }), 'input needs shape'],
    ...[[], [0], [1.5], ['4'], [65536, 65536], 4].map((shape): [unknown, string] => [
      input({ shape }),
      `input.shape must be a list of whole numbers from 1, such as [28, 28, 1], not ${JSON.stringify(shape)}`,
    ]),
    [input({ values: 'u8' }), 'input.values must be "bytes" or "floats", not "u8"'],
    [
      normalization([1, 2], [1]),
      'input.normalization.mean must be a list of 1 or 3 finite numbers, not [1,2]',
    ],
    [normalization([1e39], [1]), 'input.normalization.mean must be'],
    [
      normalization([1], [1, 0, 1]),
      'input.normalization.deviation must be a list of 1 or 3 positive numbers, not [1,0,1]',
    ],
    [normalization([1], [1e-46]), 'input.normalization.deviation must be'],
    [normalization([1], [Number.NaN]), 'input.normalization.deviation must be'],
    [normalization(1, [1]), 'input.normalization.mean must be a list of 1 or 3 finite numbers, not 1'],
    [input({ normalization: { mean: [1] } }), 'input.normalization needs deviation'],
    [layers(), 'layers must be a list of at least one layer, not []'],
    [layers(784, 10), 'layer 0 must be an object, such as {"dense": 10}, not 784'],
    [layers({ conv3d: 3 }, { dense: 2 }), `layer 0 must be one of ${KNOWN}, not {"conv3d":3}`],
    [layers({ name: 'x' }), `layer 0 (x) must be one of ${KNOWN}, not {"name":"x"}`],
    [layers({ dense: 3, relu: true }), 'layer 0 must be one of'],
    [layers({ constructor: 3 }), 'layer 0 must be one of'],
    [layers({ dense: '10' }), 'layer 0: dense must be a whole number from 1 to 16777215, not "10"'],
    [layers({ dense: null }), 'layer 0: dense must be'],
    [layers({ name: 'a', dense: 0 }), 'layer 0 (a): dense must be a whole number from 1 to 16777215, not 0'],
    [layers({ dense: 3 }, { dropout: 1 }), 'layer 1: dropout must be a number from 0 to below 1, not 1'],
    [layers({ relu: false }), 'layer 0: relu must be true, not false'],
    [layers({ dense: 3, units: 4 }), 'layer 0 has no "units": known are name, dense'],
    [layers({ name: 'a', dense: 3 }, { name: 'a', relu: true }), 'layer 1 (a): two layers have this name'],
    [
      layers({ name: '1', dense: 3 }),
      'layer 0 (1): a name is letters, digits, . _ or - and begins with a letter, not "1"',
    ],
    [layers({ name: 'a:pre', dense: 3 }), 'layer 0 (a:pre): a name is'],
    [layers({ name: 5, dense: 3 }), 'layer 0: a name is'],
    [layers({ relu: true }), 'the architecture has no layer with weights'],
  ])('%j is refused', (value, message) => {
    expect(() => checkArchitecture(value)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message) }),
    );
  });
});

describe('checkFits', () => {
  const rows = mlp([144, 10]);
  const images: Architecture = { input: { shape: [12, 12, 1] }, layers: [{ dense: 10 }] };
  test('a model of rows takes any shape of as many numbers, one of images only its own', () => {
    for (const shape of [[144], [12, 12, 1], [12, 12]]) checkFits(rows, { shape, classes: 10 });
    checkFits(images, { shape: [12, 12, 1], classes: 10 });
  });

  test.each<[Architecture, number[], number, string]>([
    [
      mlp([100, 10]),
      [12, 12, 1],
      10,
      'the model takes 100 inputs, but the samples have 144 numbers (12 × 12 × 1)',
    ],
    [rows, [13], 10, 'the model takes 144 inputs, but the samples have 13 numbers'],
    [
      images,
      [144],
      10,
      'the model takes inputs of 12 × 12 × 1, but the samples have 144 numbers: give the data set that shape',
    ],
    [
      images,
      [1, 12, 12],
      10,
      'the model takes inputs of 12 × 12 × 1, but the samples have 144 numbers (1 × 12 × 12): give the data set that shape',
    ],
    [rows, [144], 7, 'the model has 10 classes, but the data have 7'],
  ])('%#: what does not fit is told', (architecture, shape, classes, message) => {
    expect(() => checkFits(architecture, { shape, classes })).toThrow(
      expect.objectContaining({ code: 'mismatch', message }),
    );
  });
});

describe('mlp', () => {
  test('hidden layers are layer1, layer2, …, the last one is logits', () => {
    expect(mlp([784, 30, 20, 10], { input: byteInput })).toEqual({
      input: { shape: [784], values: 'bytes', normalization: { mean: [0], deviation: [255] } },
      layers: [
        { name: 'layer1.dense', dense: 30 },
        { name: 'layer1', relu: true },
        { name: 'layer2.dense', dense: 20 },
        { name: 'layer2', relu: true },
        { name: 'logits', dense: 10 },
      ],
    });
  });

  test('dropout is layers of its own', () => {
    const { layers } = mlp([4, 3, 2], { dropout: { input: 0.2, hidden: 0.5 } });
    expect(layers.map((layer) => ('dropout' in layer ? layer.dropout : layer.name))).toEqual([
      0.2,
      'layer1.dense',
      'layer1',
      0.5,
      'logits',
    ]);
    expect(mlp([4, 3, 2], { dropout: { input: 0 } })).toEqual(mlp([4, 3, 2]));
  });

  test.each<[unknown, unknown, RegExp]>([
    [[4], {}, /mlp takes a list of at least two numbers/],
    ['784', {}, /mlp takes a list/],
    [[4, 2.5], {}, /layer 0 \(logits\): dense must be a whole number/],
    [[0, 2], {}, /input.shape must be/],
    [[4, 3, 2], { dropout: { hidden: 1 } }, /layer 2: dropout must be a number from 0 to below 1, not 1/],
    [[4, 2], { input: { shape: [2, 3] } }, /mlp: 4 inputs, but input.shape \[2,3\] has 6 numbers/],
  ])('%j %j is refused', (layers, options, message) => {
    expect(() => mlp(layers as number[], options as object)).toThrow(message);
  });
});

describe('counts', () => {
  // Of the table in facts/feature-distillation.md, section 3.3, and of its section 4: parameters, MFLOP.
  test.each([
    [[784, 800, 800, 10], 1_276_810, 2.55],
    [[784, 100, 10], 79_510, 0.16],
    [[784, 10], 7850, 0.016],
  ])('%j: %i parameters', (layers, parameters, megaflop) => {
    expect(countParameters(mlp(layers))).toBe(parameters);
    expect((2 * multiplyAdds(mlp(layers))) / 1e6).toBeCloseTo(megaflop, 2);
  });

  test('layers without weights count nothing', () => {
    const layers = [{ flatten: true }, { dropout: 0.5 }, { relu: true }, { dense: 5 }] as const;
    const architecture: Architecture = { input: { shape: [3, 4, 2] }, layers };
    expect([countParameters(architecture), multiplyAdds(architecture)]).toEqual([125, 120]);
  });
});

test('forData fills in what the architecture leaves open', () => {
  const bytes = { values: new Uint8Array(4) };
  const open = mlp([4, 2]);
  expect(forData(open, bytes)).toEqual(mlp([4, 2], { input: byteInput }));
  expect(forData(open, { values: new Float32Array(4) }).input).toEqual({ shape: [4], values: 'floats' });
  const said: Architecture = { ...open, input: { shape: [4], values: 'bytes' } };
  expect(forData(said, bytes)).toBe(said);
});
