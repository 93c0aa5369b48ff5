import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { gradients, ops, type Tensor } from 'wasm-distill/graph';
import {
  evaluate,
  expectClose,
  type Input,
  input,
  type Numbers,
  readGolden,
} from '../support/golden-values.ts';

/*
 * The operators of convolutional networks against PyTorch in float64: scripts/make_golden_convolution.py makes the file.
 */

type ByName = Record<string, Numbers>;
interface Golden {
  operators: {
    op: keyof typeof operators;
    options: Options;
    inputs: { x: Numbers; w?: Numbers };
    dy: Numbers;
    y: Numbers;
    gradients: ByName;
  }[];
  batchNorm: (Record<'scale' | 'shift' | 'dy', Numbers> & {
    xs: [Numbers, Numbers];
    train: ByName;
    running: Record<'mean' | 'variance', Numbers>;
    infer: ByName;
  })[];
  batchNormKnown: Record<'x' | 'scale' | 'shift' | 'mean' | 'variance', Numbers> & {
    loss: number;
    gradients: ByName;
  };
  second: {
    training: boolean;
    inputs: Record<'x' | 'w' | 'b' | 'scale' | 'shift' | 'dense', Numbers>;
    statistics: Record<'mean' | 'variance', Numbers>;
    labels: Numbers;
    loss: number;
    dx: Numbers;
    penalty: number;
    gradients: ByName;
  }[];
}

interface Options {
  kernel?: number;
  size?: [number, number];
  factor?: number | [number, number];
  slope?: number;
  pieces?: number;
  stride?: number;
  padding?: number;
  dilation?: number;
  outputPadding?: number;
}

const golden = readGolden<Golden>('convolution.json');

/** Each operator of x and, if it has weights, w. */
const operators = {
  conv2d: (x: Tensor, w: Tensor, options: Options) => ops.conv2d(x, w, options),
  conv2dTranspose: (x: Tensor, w: Tensor, options: Options) => ops.conv2dTranspose(x, w, options),
  depthwise: (x: Tensor, w: Tensor, options: Options) => ops.depthwise(x, w, options),
  maxPool: (x: Tensor, _w: Tensor, { kernel, ...options }: Options) => ops.maxPool(x, kernel!, options),
  averagePool: (x: Tensor, _w: Tensor, { kernel, ...options }: Options) =>
    ops.averagePool(x, kernel!, options),
  globalAveragePool: (x: Tensor) => ops.globalAveragePool(x),
  adaptiveAveragePool: (x: Tensor, _w: Tensor, { size }: Options) => ops.adaptiveAveragePool(x, size!),
  upsample: (x: Tensor, _w: Tensor, { factor }: Options) => ops.upsample(x, factor!),
  leakyRelu: (x: Tensor, _w: Tensor, { slope }: Options) => ops.leakyRelu(x, slope),
  sigmoid: (x: Tensor) => ops.sigmoid(x),
  tanh: (x: Tensor) => ops.tanh(x),
  maxout: (x: Tensor, _w: Tensor, { pieces }: Options) => {
    const groups = [...x.shape.slice(0, -1), x.shape.at(-1)! / pieces!, pieces!];
    return ops.max(ops.reshape(x, groups), groups.length - 1);
  },
};

let wasm: Engine;
beforeAll(async () => {
  wasm = await createEngine({ threads: 2 });
});
afterAll(() => wasm.close());

describe.each([
  { backend: 'the float64 reference', engine: () => undefined, tolerance: 1e-9 },
  { backend: 'the kernels', engine: () => wasm, tolerance: 1e-5 },
])('$backend', ({ engine, tolerance }) => {
  test.each(golden.operators.map((c, i) => ({ ...c, title: `${c.op} ${i} ${JSON.stringify(c.options)}` })))(
    '$title: output and gradients',
    async ({ op, options, inputs, dy, y, gradients: expected }) => {
      const [x, up] = [input(inputs.x), input(dy)];
      const w = inputs.w ? input(inputs.w) : x;
      const output = operators[op](x.variable, w.variable, options);
      expect(output.shape).toEqual(y.shape);
      const sources = Object.keys(expected).map((name) => (name === 'w' ? w.variable : x.variable));
      const [made, ...back] = await evaluate(
        engine(),
        [x, w, up],
        [output, ...gradients(weighted(output, up), sources)],
      );
      expectClose(made!, y.data, tolerance, 'y');
      Object.entries(expected).forEach(([name, { data }], i) => {
        expectClose(back[i]!, data, tolerance, `gradient of ${name}`);
      });
    },
  );

  test.each(golden.batchNorm.map((c) => ({ ...c, title: `[${c.dy.shape}]` })))(
    'batch norm of $title: output and gradients, by its own moments and by given ones',
    async (c) => {
      const [x, scale, shift, up] = [c.xs[0], c.scale, c.shift, c.dy].map((n) => input(n));
      const given = input(pairOf(c.running));
      const sources = [x!, scale!, shift!].map((i) => i.variable);
      for (const [own, expected] of [
        [ops.moments(x!.variable), c.train],
        [given.variable, c.infer],
      ] as const) {
        const y = ops.normalize(x!.variable, own, scale!.variable, shift!.variable);
        const tensors = [y, ...gradients(weighted(y, up!), sources)];
        const got = await evaluate(engine(), [x!, scale!, shift!, up!, given], tensors);
        ['y', 'x', 'scale', 'shift'].forEach((name, i) => {
          expectClose(got[i]!, expected[name]!.data, tolerance, name);
        });
      }
    },
  );

  test('batch norm of maps known from elsewhere: the sum of cubes and its gradients', async () => {
    const c = golden.batchNormKnown;
    const [x, scale, shift] = [c.x, c.scale, c.shift].map((n) => input(n));
    const sources = [x!, scale!, shift!].map((i) => i.variable);
    const y = ops.normalize(x!.variable, ops.moments(x!.variable), scale!.variable, shift!.variable);
    const loss = ops.sumTo(ops.multiply(y, ops.square(y)), []);
    const tensors = [loss, ...gradients(loss, sources)];
    const [value, ...got] = await evaluate(engine(), [x!, scale!, shift!], tensors);
    expectClose(value!, [c.loss], tolerance, 'loss');
    ['x', 'scale', 'shift'].forEach((name, i) => {
      expectClose(got[i]!, c.gradients[name]!.data, tolerance, name);
    });
  });

  test.each(golden.second.map((c) => ({ ...c, title: c.training ? 'its own moments' : 'given moments' })))(
    'the squared norm of a loss’s gradient by the images, batch norm by $title: all its gradients',
    async (c) => {
      const names = ['x', 'w', 'b', 'scale', 'shift', 'dense'] as const;
      const inputs = names.map((name) => input(c.inputs[name]));
      const [x, w, b, scale, shift, dense] = inputs.map((i) => i.variable);
      const [given, labels] = [input(pairOf(c.statistics)), input(c.labels, 'i32')];
      const conv = ops.add(ops.conv2d(x!, w!, { padding: 'same' }), b!);
      const pooled = ops.maxPool(ops.relu(conv), 2);
      const own = c.training ? ops.moments(pooled) : given.variable;
      const rows = ops.reshape(ops.normalize(pooled, own, scale!, shift!), [2, 64]);
      const logits = ops.matmul(rows, dense!);
      const loss = ops.sumTo(ops.kdLoss(logits, { labels: labels.variable }), []);
      const [dx] = gradients(loss, [x!]);
      const penalty = ops.sumOfSquares([dx!]);
      const tensors = [loss, dx!, penalty, ...gradients(penalty, [x!, w!, b!, scale!, shift!, dense!])];
      const got = await evaluate(engine(), [...inputs, given, labels], tensors);
      expectClose(got[0]!, [c.loss], tolerance, 'loss');
      expectClose(got[1]!, c.dx.data, tolerance, 'dx');
      expectClose(got[2]!, [c.penalty], tolerance, 'penalty');
      names.forEach((name, i) => {
        expectClose(got[3 + i]!, c.gradients[name]!.data, tolerance, name);
      });
    },
  );
});

/** Mean and variance as moments() has them, [2, c]. */
function pairOf({ mean, variance }: Record<'mean' | 'variance', Numbers>): Numbers {
  return { shape: [2, ...mean.shape], data: [...mean.data, ...variance.data] };
}

/** Σ dy·y, whose gradient by y is dy. */
function weighted(y: Tensor, dy: Input): Tensor {
  return ops.sumTo(ops.multiply(y, dy.variable), []);
}
