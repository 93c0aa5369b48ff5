import { describe, expect, test } from 'vitest';
import { type Architecture, type LayerSpec, parseShorthand, type TrainedModel } from 'wasm-distill';
import { foldNorms, network, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { numbers } from '../support/models.ts';

type Image = number[][][];

const of = (shape: number[], ...layers: LayerSpec[]): Architecture => ({ input: { shape }, layers });
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** A network's outputs at some taps for two samples, with every parameter's values. */
function run(architecture: Architecture, taps: string[], mode: 'train' | 'infer' = 'infer') {
  const { parameters, input, forward } = network(architecture);
  const next = numbers(product(input));
  const random = (n: number) => Float32Array.from({ length: n }, next);
  const x = variable('x', [2, ...input]);
  const values = new Map<Tensor, ArrayLike<number>>([[x, random(2 * product(input))]]);
  for (const { name, shape, variable: v } of parameters)
    values.set(
      v,
      random(product(shape)).map((n) => (name.endsWith('variance') ? n * n + 0.1 : n)),
    );
  const made = forward(x, mode);
  const found = taps.map((tap) => (tap === 'features' ? made.features : made.at(tap)));
  const own = (name: string) => values.get(parameters.find((p) => p.name === name)!.variable)!;
  return { x: values.get(x)!, own, values, made, found, got: evaluateReference(found, values) };
}

/** The first of a batch of images [2, h, w, c], and back. */
function image(flat: ArrayLike<number>, h: number, w: number, c: number): Image {
  return Array.from({ length: h }, (_, i) =>
    Array.from({ length: w }, (_, j) => Array.from({ length: c }, (_, k) => flat[(i * w + j) * c + k]!)),
  );
}

function close(got: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 6);
  });
}

/** Sums over a window around each pixel: at(y, x) is outside the image 0. */
function windowed(
  [rows, columns]: [number, number],
  size: number,
  stride: number,
  pad: number,
  term: (y: number, x: number, ky: number, kx: number) => number[],
): number[] {
  const result: number[] = [];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const sums: number[] = [];
      for (let ky = 0; ky < size; ky++)
        for (let kx = 0; kx < size; kx++)
          term(i * stride + ky - pad, j * stride + kx - pad, ky, kx).forEach((v, f) => {
            sums[f] = (sums[f] ?? 0) + v;
          });
      result.push(...sums);
    }
  return result;
}

describe('layers compute what they say', () => {
  test('conv with groups: filters of a group see its channels alone', () => {
    const spec = { conv: 6, kernel: 3, stride: 2, groups: 2 } as const;
    const { x, own, got, found } = run(of([5, 7, 4], spec, { dense: 2 }), ['0']);
    const [w, b] = [own('0.weight'), own('0.bias')];
    const pixels = image(x, 5, 7, 4);
    const expected = windowed([3, 4], 3, 2, 1, (y, x, ky, kx) =>
      Array.from({ length: 6 }, (_, f) => {
        let sum = ky + kx === 0 ? b[f]! : 0;
        const group = f < 3 ? 0 : 1;
        for (let c = 0; c < 2; c++)
          sum += (pixels[y]?.[x]?.[2 * group + c] ?? 0) * w[((ky * 3 + kx) * 2 + c) * 6 + f]!;
        return sum;
      }),
    );
    expect(found[0]!.shape).toEqual([2, 3, 4, 6]);
    close(got[0]!, expected);
  });

  test('as many groups as channels are a depthwise layer', () => {
    const grouped = run(of([4, 4, 3], { conv: 3, groups: 3 }, { dense: 2 }), ['0']);
    const depthwise = run(of([4, 4, 3], { depthwise: 3 }, { dense: 2 }), ['0']);
    expect(grouped.got[0]).toEqual(depthwise.got[0]);
    const w = depthwise.own('0.weight');
    const pixels = image(depthwise.x, 4, 4, 3);
    const bias = depthwise.own('0.bias');
    const expected = windowed([4, 4], 3, 1, 1, (y, x, ky, kx) =>
      Array.from(
        { length: 3 },
        (_, c) => (pixels[y]?.[x]?.[c] ?? 0) * w[(ky * 3 + kx) * 3 + c]! + (ky + kx === 0 ? bias[c]! : 0),
      ),
    );
    close(depthwise.got[0]!, expected);
  });

  test.each([
    [3, 1],
    [4, 2],
    [2, 2],
    [3, 2],
    [1, 3],
    [2, 3],
  ])(
    'deconv of %i × %i, stride %i: each pixel adds its kernel, sizes become size·stride',
    (kernel, stride) => {
      const { x, own, got, found } = run(of([3, 2, 2], { deconv: 3, kernel, stride }, { dense: 2 }), ['0']);
      const size: [number, number] = [3 * stride, 2 * stride];
      expect(found[0]!.shape).toEqual([2, ...size, 3]);
      const [w, b] = [own('0.weight'), own('0.bias')];
      const before = Math.max(0, kernel - stride) >> 1;
      const sums = Array.from({ length: size[0] }, () =>
        Array.from({ length: size[1] }, () => Array.from(b)),
      );
      image(x, 3, 2, 2).forEach((row, i) => {
        row.forEach((pixel, j) => {
          for (let ky = 0; ky < kernel; ky++)
            for (let kx = 0; kx < kernel; kx++)
              for (let f = 0; f < 3; f++)
                pixel.forEach((v, c) => {
                  const target = sums[i * stride + ky - before]?.[j * stride + kx - before];
                  if (target) target[f]! += v * w[((ky * kernel + kx) * 3 + f) * 2 + c]!;
                });
        });
      });
      close(got[0]!, sums.flat(2));
    },
  );

  test('maxout, pools, activations and composites', () => {
    const layers: LayerSpec[] = [
      { maxout: 2 },
      { leakyRelu: 0.1 },
      { sigmoid: true },
      { tanh: true },
      { concat: [[], [{ pool: 2 }, { upsample: 2 }], [{ avg: 3, stride: 1, pad: 1 }]] },
      { sum: [[], [{ relu: true }], []] },
      { gap: true },
      { dense: 2 },
    ];
    const { x, got, found } = run(of([2, 2, 4], ...layers), ['0', '1', '2', '3', '4', '5', '6', '0:pre']);
    const a = Array.from({ length: 8 }, (_, i) => Math.max(x[2 * i]!, x[2 * i + 1]!));
    const leaky = a.map((v) => (v < 0 ? v * Math.fround(0.1) : v));
    const sigmoid = leaky.map((v) => 1 / (1 + Math.exp(-v)));
    const tanh = sigmoid.map(Math.tanh);
    const [even, odd] = [0, 1].map((c) => [0, 1, 2, 3].map((p) => tanh[2 * p + c]!)) as [number[], number[]];
    const mean = (list: number[]) => list.reduce((s, v) => s + v, 0);
    const joined = [0, 1, 2, 3].flatMap((p) => [
      ...[even[p]!, odd[p]!, Math.max(...even), Math.max(...odd), mean(even) / 9, mean(odd) / 9],
    ]);
    [a, leaky, sigmoid, tanh, joined].forEach((expected, i) => {
      close(got[i]!, expected);
    });
    close(
      got[5]!,
      joined.map((v) => 3 * v),
    );
    close(
      got[6]!,
      [0, 1, 2, 3, 4, 5].map((c) => (3 * mean([0, 1, 2, 3].map((p) => joined[6 * p + c]!))) / 4),
    );
    expect(found[7]!.shape).toEqual([2, 2, 2, 4]);
    expect(found[4]!.shape).toEqual([2, 2, 2, 6]);
  });

  test('a composite’s layers are taps by their paths, named or in numbers', () => {
    const inner: LayerSpec[] = [{ conv: 4 }, { name: 'in', relu: true }];
    const layers: LayerSpec[] = [{ name: 'mid', sum: [[], inner] }, { relu: true }, { dense: 2 }];
    const { at, features, logits } = run(of([3, 3, 4], ...layers), []).made;
    expect(at('mid.1.0')).toBe(at('0.1.0'));
    expect(at('in:pre')).toBe(at('mid.1.0'));
    expect(at('0.1.1')).toBe(at('in'));
    expect(at('mid')).toBe(at('0'));
    expect(at('1:pre')).toBe(at('mid'));
    expect(features.shape).toEqual([2, 36]);
    expect(logits).toBe(at('2'));
    expect(network(of([3, 3, 4], ...layers)).parameters.map(({ name }) => name)).toEqual([
      ...['mid.1.0.weight', 'mid.1.0.bias', '2.weight', '2.bias'],
    ]);
  });

  test('weights begin by the numbers that each output is a sum over', () => {
    const layers: LayerSpec[] = [
      { conv: 8, kernel: [3, 5], groups: 2 },
      { deconv: 4, kernel: 4, stride: 2 },
      { depthwise: 3, bias: false },
      { norm: 'batch' },
      { dense: 2 },
    ];
    const { parameters } = network(of([4, 4, 6], ...layers));
    const fanIn = (name: string) => parameters.find((p) => p.name === name)!.fanIn;
    expect(['0.weight', '1.weight', '2.weight', '4.weight'].map(fanIn)).toEqual([45, 32, 9, 256]);
    expect(parameters.map(({ name, role, begins }) => [name, role, begins])).toEqual([
      ['0.weight', 'weight', 'initializer'],
      ['0.bias', 'bias', 0],
      ['1.weight', 'weight', 'initializer'],
      ['1.bias', 'bias', 0],
      ['2.weight', 'weight', 'initializer'],
      ['3.scale', 'scale', 1],
      ['3.shift', 'shift', 0],
      ['3.mean', 'state', 0],
      ['3.variance', 'state', 1],
      ['4.weight', 'weight', 'initializer'],
      ['4.bias', 'bias', 0],
    ]);
  });
});

describe('batch norm', () => {
  const layers: LayerSpec[] = [{ norm: 'batch', momentum: 0.25, epsilon: 0.5 }, { dense: 2 }];

  test('in training normalizes by the batch, and moves the running statistics', () => {
    const { x, own, got, made, values } = run(of([3, 2, 2], ...layers), ['0'], 'train');
    const by = [0, 1].map((c) => Array.from({ length: 12 }, (_, i) => x[2 * i + c]!));
    const means = by.map((list) => list.reduce((a, b) => a + b) / 12);
    const squares = by.map((list, c) => list.reduce((a, b) => a + (b - means[c]!) ** 2, 0));
    const expected = Array.from(x, (v, i) => {
      const c = i % 2;
      return ((v - means[c]!) / Math.sqrt(squares[c]! / 12 + 0.5)) * own('0.scale')[c]! + own('0.shift')[c]!;
    });
    close(got[0]!, expected);
    expect(made.effects.map(({ targets: [target] }) => target!.name)).toEqual(['0.mean', '0.variance']);
    const [mean, variance] = evaluateReference(
      made.effects.map(({ inputs: [value] }) => value!),
      values,
    );
    close(
      mean!,
      means.map((m, c) => 0.75 * own('0.mean')[c]! + 0.25 * m),
    );
    close(
      variance!,
      squares.map((s, c) => 0.75 * own('0.variance')[c]! + (0.25 * s) / 11),
    );
  });

  test('otherwise normalizes by the running statistics, rows too', () => {
    for (const shape of [[3, 2, 2], [2]]) {
      const { x, own, got, made } = run(of(shape, ...layers), ['0']);
      const expected = Array.from(x, (v, i) => {
        const c = i % 2;
        const normal = (v - own('0.mean')[c]!) / Math.sqrt(own('0.variance')[c]! + 0.5);
        return normal * own('0.scale')[c]! + own('0.shift')[c]!;
      });
      close(got[0]!, expected);
      expect(made.effects).toEqual([]);
    }
  });
});

describe('foldNorms', () => {
  test.each([
    '8x8x3 conv4 dw3s2 deconv6k4s2 norm relu conv4k1bare dense5 dense3',
    '8x8x3 conv4bare pre6s2 res8 bnrelu sep4 convm2-3-4 fire2-3-4 gap dense3',
    '8x8x3 conv4x2@a conv6bare@b norm@c dense5@d dense3@e',
  ])('%s predicts the same with fewer layers', (text) => {
    const { architecture } = parseShorthand(text);
    const { values, x, found } = run(architecture, []);
    expect(found).toEqual([]);
    const made = network(architecture);
    const weights = new Map(
      made.parameters.map(({ name, variable: v }) => [
        name,
        Float32Array.from([...values].find(([key]) => 'name' in key && key.name === v.name)![1]),
      ]),
    );
    const model: TrainedModel = { architecture, weights };
    const folded = foldNorms(model);
    const norms = (list: readonly LayerSpec[]) => JSON.stringify(list).split('"norm"').length - 1;
    expect(norms(folded.architecture.layers)).toBeLessThan(norms(architecture.layers));
    const [before, after] = [model, folded].map((one) => logitsOf(one, x)) as [number[], number[]];
    before.forEach((z, i) => {
      expect(after[i]).toBeCloseTo(z, 4);
    });
  });

  test('what stands alone stays, and a model without norms is the same', () => {
    const layers: LayerSpec[] = [
      { norm: 'batch' },
      { conv: 2 },
      { relu: true },
      { norm: 'batch' },
      { dense: 2 },
    ];
    const architecture = of([2, 2, 1], ...layers);
    expect(foldNorms({ architecture, weights: zeros(architecture) }).architecture).toEqual(architecture);
  });
});

function zeros(architecture: Architecture): Map<string, Float32Array> {
  return new Map(
    network(architecture).parameters.map(({ name, shape }) => [name, new Float32Array(product(shape))]),
  );
}

function logitsOf({ architecture, weights }: TrainedModel, data: ArrayLike<number>): number[] {
  const { parameters, input, forward } = network(architecture);
  const x = variable('x', [2, ...input]);
  const values = new Map<Tensor, ArrayLike<number>>([[x, data]]);
  for (const { name, variable: v } of parameters) values.set(v, weights.get(name)!);
  return Array.from(evaluateReference([forward(x, 'infer').logits], values)[0]!);
}
