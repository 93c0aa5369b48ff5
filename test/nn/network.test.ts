import { describe, expect, test } from 'vitest';
import { type Architecture, createEngine, mlp } from 'wasm-distill';
import {
  gradients,
  initialize,
  type NetworkOptions,
  network,
  ops,
  type Tensor,
  variable,
} from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { byteInput } from '#library/nn/specs.js';

/** Numbers in (−1, 1), the same everywhere. */
function numbers(n: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed * 7919 + 1;
  return Float32Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  });
}

/** Values for a network's variables and its x. */
function valuesOf(made: ReturnType<typeof network>, x: Tensor, data: ArrayLike<number>) {
  return new Map<Tensor, ArrayLike<number>>([
    [x, data],
    ...made.parameters.map(({ variable: v, shape }, i): [Tensor, ArrayLike<number>] => [
      v,
      numbers(
        shape.reduce((a, b) => a * b, 1),
        i + 2,
      ),
    ]),
  ]);
}

const matmul = (x: number[][], w: number[][], b: number[]) =>
  x.map((row) => b.map((start, j) => row.reduce((sum, v, i) => sum + v * w[i]![j]!, start)));
const rows = (values: ArrayLike<number>, columns: number) =>
  Array.from({ length: values.length / columns }, (_, r) =>
    Array.from({ length: columns }, (_, c) => values[r * columns + c]!),
  );
const rectified = (x: number[][]) => x.map((row) => row.map((v) => Math.max(v, 0)));

describe('network', () => {
  test('has parameters by name, in order, with their roles', () => {
    const made = network(mlp([6, 4, 3]), { prefix: 'teacher1.' });
    expect(
      made.parameters.map(({ name, variable: v, role, fanIn, begins }) => [
        name,
        v.name,
        v.shape,
        role,
        fanIn,
        begins,
      ]),
    ).toEqual([
      ['layer1.dense.weight', 'teacher1.layer1.dense.weight', [6, 4], 'weight', 6, 'initializer'],
      ['layer1.dense.bias', 'teacher1.layer1.dense.bias', [4], 'bias', 6, 0],
      ['logits.weight', 'teacher1.logits.weight', [4, 3], 'weight', 4, 'initializer'],
      ['logits.bias', 'teacher1.logits.bias', [3], 'bias', 4, 0],
    ]);
    expect(made.trained).toEqual(made.parameters);
    expect([made.state, made.classes, made.input]).toEqual([[], 3, [6]]);
  });

  test('layers without a name are known by their place', () => {
    const layers = [{ dropout: 0.5 }, { dense: 4 }, { relu: true }, { name: 'out', dense: 2 }] as const;
    const made = network({ input: { shape: [2, 3] }, layers });
    expect(made.parameters.map(({ name }) => name)).toEqual(['1.weight', '1.bias', 'out.weight', 'out.bias']);
  });

  test('forward is its layers’ mathematics, and taps are where they say', () => {
    const made = network(mlp([6, 4, 3], { dropout: { hidden: 0.5 } }));
    const x = variable('x', [5, 6]);
    const values = valuesOf(made, x, numbers(30));
    const { logits, features, at, effects } = made.forward(x, 'infer');
    const [z, f, pre, after, first] = evaluateReference(
      [logits, features, at('layer1:pre'), at('layer1'), at('0')],
      values,
    );
    const [w1, b1, w2, b2] = made.parameters.map(({ variable: v }) => values.get(v)!);
    const hidden = matmul(rows(values.get(x)!, 6), rows(w1!, 4), Array.from(b1!));
    const expected = matmul(rectified(hidden), rows(w2!, 3), Array.from(b2!));
    expected.flat().forEach((value, i) => {
      expect(z![i]).toBeCloseTo(value, 12);
    });
    hidden.flat().forEach((value, i) => {
      expect(pre![i]).toBeCloseTo(value, 12);
    });
    expect(after).toEqual(pre!.map((v) => Math.max(v, 0)));
    expect([f, first]).toEqual([after, pre]);
    expect(at('logits')).toBe(logits);
    expect(at('3')).toBe(at('logits'));
    expect(at('1:pre')).toBe(at('layer1:pre'));
    expect(effects).toEqual([]);
    expect(() => at('layer9')).toThrow(
      'there is no layer "layer9" to tap: there are layer1.dense, layer1, layer1:pre, 2, logits',
    );
    for (const tap of ['logits:pre', '4', 'constructor']) expect(() => at(tap)).toThrow(/there is no layer/);
  });

  test('dropout is in training alone, each layer’s from a stream of its own', () => {
    const made = network(mlp([6, 40, 40, 3], { dropout: { input: 0.3, hidden: 0.5 } }));
    const x = variable('x', [2, 6]);
    const found: unknown[] = [];
    const collect = (tensor: Tensor): void => {
      if (tensor.op === 'dropout') found.push(tensor.attributes);
      tensor.inputs.forEach(collect);
    };
    collect(made.forward(x, 'train').logits);
    expect(found).toEqual([
      { rate: 0.5, stream: { kind: 'dropout', index: 2 } },
      { rate: 0.5, stream: { kind: 'dropout', index: 1 } },
      { rate: 0.3, stream: { kind: 'dropout', index: 0 } },
    ]);
    collect(made.forward(x, 'infer').logits);
    expect(found).toHaveLength(3);
  });

  const identity: Architecture['layers'] = [{ name: 'x', flatten: true }, { dense: 2 }];
  const normalizedBy = (input: Architecture['input'], xShape: number[], data: ArrayLike<number>) => {
    const x = variable('x', xShape);
    const tap = network({ input, layers: identity }).forward(x, 'infer').at('x');
    return { tap, values: evaluateReference([tap], new Map([[x, data]]))[0]! };
  };

  test('bytes over 255 are one product, right where the images come from', () => {
    for (const shape of [[2, 2, 1], [4]]) {
      const images = variable('images', [3, 2, 2, 1], 'u8');
      const x = ops.takeImages(images, variable('index', [3], 'i32'));
      const tap = network({ input: { shape, ...byteInput }, layers: identity })
        .forward(x, 'infer')
        .at('x');
      const [scaled] = tap.inputs;
      expect(scaled).toMatchObject({
        op: 'unary',
        attributes: { kind: 'scale', value: Math.fround(1 / 255) },
      });
      expect(scaled!.inputs[0]).toBe(x);
    }
  });

  test('(x − mean)·(1/deviation), by the last dimension or alike for all', () => {
    const data = numbers(12).map((v) => 100 * v);
    const by = (mean: number[], deviation: number[], shape = [2, 3]) =>
      normalizedBy({ shape, normalization: { mean, deviation } }, [2, 2, 3], data).values;
    for (const [mean, deviation] of [
      [
        [1, 2.5, -3],
        [2, 3, 7],
      ],
      [[4], [3]],
      [[0], [1, 2, 4]],
      [[5, 5, 5], [2]],
      [[1, 2, 3], [10]],
    ] as const) {
      const expected = data.map((v, i) =>
        Math.fround((v - mean[i % mean.length]!) * Math.fround(1 / deviation[i % deviation.length]!)),
      );
      expect(Float32Array.from(by([...mean], [...deviation]))).toEqual(expected);
    }
    // A row of six has a mean for each, whatever the samples' shape.
    expect([...by([1, 2, 3, 4, 5, 6], [1], [6])]).toEqual([...data].map((v, i) => v - ((i % 6) + 1)));
    const { tap } = normalizedBy({ shape: [6] }, [2, 6], data);
    expect(tap.op).toBe('variable');
  });

  test('gradients flow to what is trained', () => {
    const made = network(mlp([6, 4, 3]));
    const loss = ops.sumTo(made.forward(variable('x', [5, 6]), 'train').logits, []);
    expect(
      gradients(
        loss,
        made.trained.map((p) => p.variable),
      ).map(({ shape }) => shape),
    ).toEqual([[6, 4], [4], [4, 3], [3]]);
  });

  test('what is no batch, mode or network is refused', () => {
    const made = network({ input: { shape: [2, 3] }, layers: [{ dense: 2 }] });
    for (const x of [variable('x', [6]), variable('x', [2, 7]), variable('x', [2, 6])])
      expect(() => made.forward(x, 'infer')).toThrow(
        /a network of input \[2,3\] takes x \[batch, 2,3\], not f32 \[/,
      );
    expect(() => made.forward(variable('x', [4, 2, 3], 'u8'), 'infer')).toThrow(/not u8 \[4,2,3\]/);
    expect(() => made.forward(variable('x', [4, 2, 3]), 'test' as 'train')).toThrow(
      `the mode must be 'train' or 'infer', not "test"`,
    );
    expect(() => network({ kind: 'mlp', layers: [4, 2] } as unknown as Architecture)).toThrow(
      /an architecture has no "kind"/,
    );
    expect(() => network(mlp([4, 2]), { streams: 'order' } as unknown as NetworkOptions)).toThrow(
      /network has no option streams: there are prefix, helper/,
    );
    for (const helper of ['1', -1, 0.5, 65_535] as number[])
      expect(() => network(mlp([4, 2]), { helper })).toThrow(
        /helper must be a whole number from 0 to 65,534/,
      );
  });
});

describe('initialize', () => {
  test('draws each weight of a helper from the stream of its place after the helpers before, and sets biases to 0', () => {
    const effects = initialize(network(mlp([50, 20, 10]), { helper: 3 }), 'he');
    expect(effects.map(({ inputs: [value] }) => [value!.op, value!.attributes])).toEqual([
      [
        'random',
        {
          kind: 'normal',
          shape: [50, 20],
          scale: Math.sqrt(2 / 50),
          stream: { kind: 'helpers', index: 196_608 },
        },
      ],
      ['fill', { value: 0 }],
      [
        'random',
        {
          kind: 'normal',
          shape: [20, 10],
          scale: Math.sqrt(2 / 20),
          stream: { kind: 'helpers', index: 196_610 },
        },
      ],
      ['fill', { value: 0 }],
    ]);
    for (const bad of ['xavier', -1, Number.NaN])
      expect(() => initialize(network(mlp([4, 2])), bad as 'he')).toThrow(
        /the initializer must be 'he' or a deviation/,
      );
  });

  test('on the engine: the deviation asked for, and normalization by channel as the reference has it', async () => {
    await using engine = await createEngine({ threads: 2 });
    const normalization = { mean: [0.1, 0.2, 0.3], deviation: [0.5, 2, 3] };
    const made = network({
      input: { shape: [4, 4, 3], normalization },
      layers: [{ dense: 100 }, { relu: true }, { dense: 10 }],
    });
    const x = variable('x', [7, 4, 4, 3]);
    const logits = variable('logits', [7, 10]);
    const session = await engine.load({
      initialize: initialize(made, 0.3),
      run: [ops.assign(logits, made.forward(x, 'infer').logits)],
    });
    const biases = made.parameters.filter(({ role }) => role === 'bias');
    for (const { variable: v, shape } of biases) await session.write(v, new Float32Array(shape[0]!).fill(9));
    await session.write(x, numbers(7 * 48));
    await session.run('initialize', { seed: 3 });
    await session.run('run');
    const values = new Map<Tensor, ArrayLike<number>>([[x, numbers(7 * 48)]]);
    for (const { variable: v } of made.parameters) values.set(v, await session.read(v));
    for (const { variable: v } of biases) expect(Math.max(...Array.from(values.get(v)!))).toBe(0);
    const w = Array.from(values.get(made.parameters[0]!.variable)!);
    expect(Math.sqrt(w.reduce((sum, v) => sum + v * v, 0) / w.length)).toBeCloseTo(0.3, 2);
    const [expected] = evaluateReference([made.forward(x, 'infer').logits], values);
    (await session.read(logits)).forEach((z, i) => {
      expect(z).toBeCloseTo(expected![i]!, 4);
    });
    await session.close();
  });
});
