import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine, labels as learnLabels, mlp, type Step } from 'wasm-distill';
import {
  type Effect,
  gradients,
  network,
  ops,
  type Tensor,
  type Variable,
  variable,
} from 'wasm-distill/graph';
import { distillationLoss } from 'wasm-distill/objectives';
import { adamPowers, updates } from '#library/train/optimizer.js';
import {
  evaluate as evaluateOn,
  expectClose,
  type Input,
  input,
  type Numbers,
  readGolden,
} from '../support/golden-values.ts';

// What the engine computes against PyTorch in float64: scripts/make_golden.py makes the file.

type Layers = { w: Numbers; b: Numbers }[];
interface Golden {
  dense: Record<
    'x' | 'w' | 'b' | 'dy' | 'y' | 'relu' | 'dx' | 'dw' | 'db' | 'reluDx' | 'reluDw' | 'reluDb',
    Numbers
  >[];
  softmax: { T: number; logits: Numbers; softmax: Numbers; logSoftmax: Numbers }[];
  kd: (Distillation & { kind: string; weights: Numbers | null; loss: Numbers })[];
  twoTerm: Distillation & { loss: number };
  sum: Pick<Distillation, 'T' | 'logits' | 'soft' | 'labels' | 'grad'> & { loss: number };
  tempered: Pick<Distillation, 'T' | 'logits' | 'labels' | 'grad'> & { loss: Numbers };
  caffe: {
    T: number;
    student: Numbers;
    teacher: Numbers;
    kl: number;
    t2kl: number;
    ce: number;
    grad: Numbers;
  };
  sgd: (Steps & { momentum: number; weightDecay: number; nesterov: boolean })[];
  adam: (Steps & { beta1: number; beta2: number; eps: number; weightDecay: number })[];
  maxNorm: { maxNorm: number; w: Numbers; norms: Numbers; out: Numbers };
  mlp: {
    sizes: number[];
    batch: number;
    steps: number;
    T: number;
    alpha: number;
    beta: number;
    lr: number;
    momentum: number;
    x: Numbers;
    soft: Numbers;
    labels: Numbers;
    initial: Layers;
    loss: Numbers;
    final: Layers;
  };
}
interface Distillation {
  T: number;
  alpha: number;
  beta: number;
  logits: Numbers;
  soft: Numbers;
  labels: Numbers;
  grad: Numbers;
}
interface Steps {
  lr: number[];
  w0: Numbers;
  grads: Numbers;
  w: Numbers;
}

const golden = readGolden<Golden>('golden.json');

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

describe('dense layers', () => {
  test.each(golden.dense.map((c) => ({ c, shape: `${c.x.shape} · ${c.w.shape}` })))(
    '$shape: forward and gradients, without and with ReLU',
    async ({ c }) => {
      const [x, w, b, dy] = [input(c.x), input(c.w), input(c.b), input(c.dy)];
      const y = ops.dense(x.variable, w.variable, b.variable);
      const relu = ops.relu(y);
      const sources = [x.variable, w.variable, b.variable];
      // The gradient of Σ dy·y has dy as the gradient of y.
      const backward = (output: Tensor) =>
        gradients(ops.sumTo(ops.multiply(output, dy.variable), []), sources);
      const got = await evaluate([x, w, b, dy], [y, relu, ...backward(y), ...backward(relu)]);
      const expected = [c.y, c.relu, c.dx, c.dw, c.db, c.reluDx, c.reluDw, c.reluDb];
      for (const [i, values] of expected.entries()) expectClose(got[i]!, values.data, 1e-6);
    },
  );
});

describe('softmax', () => {
  test.each(golden.softmax)('T = $T', async ({ T, logits, ...expected }) => {
    const z = input(logits);
    const [softmax, log] = (await evaluate(
      [z],
      [ops.softmax(z.variable, T), ops.logSoftmax(z.variable, T)],
    )) as [Float32Array, Float32Array];
    const columns = logits.shape[1]!;
    for (let row = 0; row < logits.shape[0]!; row++) {
      const [from, to] = [row * columns, (row + 1) * columns];
      expectClose(log.slice(from, to), expected.logSoftmax.data.slice(from, to), 1e-6);
      expectClose(softmax.slice(from, to), expected.softmax.data.slice(from, to), 2e-7);
      expect(Math.abs(softmax.slice(from, to).reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-6);
    }
    expect([...softmax, ...log].every(Number.isFinite)).toBe(true);
  });
});

describe('distillation losses', () => {
  test.each(golden.kd)('$kind at T = $T: by sample, and the gradient', async (c) => {
    const [z, soft, labels] = [input(c.logits), input(c.soft), input(c.labels, 'i32')];
    const weights = c.weights && input(c.weights);
    const { T: temperature, alpha, beta } = c;
    const parts = {
      ...(beta !== 0 && { soft: soft.variable }),
      ...(alpha !== 0 && { labels: labels.variable }),
    };
    const bySample = ops.kdLoss(z.variable, { ...parts, temperature, alpha, beta });
    const loss = weights ? ops.multiply(bySample, weights.variable) : bySample;
    const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
    const inputs = [z, soft, labels, ...(weights ? [weights] : [])];
    const got = await evaluate(inputs, [loss, gradient!]);
    expectClose(got[0]!, c.loss.data, 1e-6);
    expectClose(got[1]!, c.grad.data, 2e-7);
  });

  test('given soft targets and labels, the default of beta is 1 − alpha and of alpha 0.1', async () => {
    const c = golden.kd.find(({ kind, T }) => kind === 'fused' && T === 4)!;
    const [z, soft, labels] = [input(c.logits), input(c.soft), input(c.labels, 'i32')];
    const loss = ops.kdLoss(z.variable, {
      soft: soft.variable,
      labels: labels.variable,
      temperature: 4,
    });
    const [got] = await evaluate([z, soft, labels], [loss]);
    expect([c.alpha, c.beta]).toEqual([0.1, 0.9]);
    expectClose(got!, c.loss.data, 1e-6);
  });

  test('the two-term form, written out and by distillationLoss', async () => {
    const c = golden.twoTerm;
    const [z, soft, labels] = [input(c.logits), input(c.soft), input(c.labels, 'i32')];
    const softTerm = ops.kdLoss(z.variable, { soft: soft.variable, temperature: c.T });
    const hardTerm = ops.kdLoss(z.variable, { labels: labels.variable });
    const written = ops.add(ops.scale(softTerm, c.beta * c.T * c.T), ops.scale(hardTerm, c.alpha));
    const batch = { logits: z.variable, labels: labels.variable, soft: soft.variable };
    const ours = distillationLoss(batch, { temperature: c.T, alpha: c.alpha, form: 'two-term' });
    for (const bySample of [written, ours]) {
      const loss = ops.mean(bySample);
      const got = await evaluate([z, soft, labels], [loss, ...gradients(loss, [z.variable])]);
      expectClose(got[0]!, [c.loss], 1e-6);
      // The soft part's gradient is T times a difference of probabilities: their rounding counts T times.
      expectClose(got[1]!, c.grad.data, 1e-6);
    }
  });

  test('the plain sum of both terms', async () => {
    const c = golden.sum;
    const [z, soft, labels] = [input(c.logits), input(c.soft), input(c.labels, 'i32')];
    const batch = { logits: z.variable, labels: labels.variable, soft: soft.variable };
    const loss = ops.mean(distillationLoss(batch, { temperature: c.T, form: 'sum' }));
    const got = await evaluate([z, soft, labels], [loss, ...gradients(loss, [z.variable])]);
    expectClose(got[0]!, [c.loss], 1e-6);
    expectClose(got[1]!, c.grad.data, 2e-7);
  });

  test('labels through a softmax at T', async () => {
    const c = golden.tempered;
    const [z, labels] = [input(c.logits), input(c.labels, 'i32')];
    const step = { student: { logits: z.variable }, labels: labels.variable } as unknown as Step;
    const loss = learnLabels({ temperature: c.T }).loss(step);
    const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
    const got = await evaluate([z, labels], [loss, gradient!]);
    expectClose(got[0]!, c.loss.data, 1e-6);
    expectClose(got[1]!, c.grad.data, 1e-6);
  });

  test.each(golden.kd.filter(({ kind }) => kind === 'fused' || kind === 'unlabeled'))(
    'fusion by distillationLoss is the $kind loss at T = $T, times T²',
    async (c) => {
      const [z, soft, labels] = [input(c.logits), input(c.soft), input(c.labels, 'i32')];
      const batch = { logits: z.variable, labels: labels.variable, soft: soft.variable };
      const loss = distillationLoss(batch, { temperature: c.T, alpha: c.alpha });
      const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
      const got = await evaluate([z, soft, labels], [loss, gradient!]);
      expectClose(got[0]!, scaled(c.loss, c.T * c.T), 1e-6);
      expectClose(got[1]!, scaled(c.grad, c.T * c.T), 1e-6);
    },
  );

  test('a row known from elsewhere: cross-entropy, KL and T²·KL with its gradient', async () => {
    const c = golden.caffe;
    const [z, teacher] = [input(c.student), input(c.teacher)];
    const soft = ops.softmax(teacher.variable, c.T);
    const crossEntropy = ops.sumTo(ops.kdLoss(z.variable, { soft, temperature: c.T }), []);
    const logs = ops.logSoftmax(teacher.variable, c.T);
    const entropy = ops.scale(ops.sumTo(ops.multiply(soft, logs), []), -1);
    const kl = ops.subtract(crossEntropy, entropy);
    const t2kl = ops.scale(kl, c.T ** 2);
    const got = await evaluate([z, teacher], [crossEntropy, kl, t2kl, ...gradients(t2kl, [z.variable])]);
    expectClose(got[0]!, [c.ce], 1e-6);
    expectClose(got[1]!, [c.kl], 1e-6);
    expectClose(got[2]!, [c.t2kl], 1e-6);
    expectClose(got[3]!, c.grad.data, 1e-6);
  });
});

describe('optimizers, ten steps', () => {
  test.each(golden.sgd.map((c) => ({ ...c, rates: new Set(c.lr).size })))(
    'SGD, Nesterov $nesterov, $rates different rates',
    async (c) => {
      const { momentum, weightDecay: decay, nesterov } = c;
      await expectSteps(c, (w, gradient, rate) => {
        const v = variable('v', w.shape);
        return [ops.sgdUpdate(w, { velocity: v, gradient, rate, momentum, decay, nesterov })];
      });
    },
  );

  test.each(golden.adam)('Adam, decay $weightDecay', async (c) => {
    const { beta1, beta2, eps: epsilon, weightDecay: decay } = c;
    const powers = variable('powers', [c.lr.length, 2]);
    await expectSteps(
      c,
      (w, gradient, rate) => {
        const [m, v] = [variable('m', w.shape), variable('v', w.shape)];
        const options = { beta1, beta2, epsilon, decay };
        return [
          ops.adamUpdate(w, { moments: [m, v], gradient, rate, powers: ops.atStep(powers), ...options }),
        ];
      },
      [{ variable: powers, values: adamPowers(0, c.lr.length) }],
    );
  });

  test('max-norm: columns over the limit are scaled down, the others keep their bits', async () => {
    const c = golden.maxNorm;
    const w = input(c.w);
    const session = await engine.load({ run: [ops.maxNormLimit(w.variable, c.maxNorm)] });
    await session.write(w.variable, w.values);
    await session.run('run');
    const got = (await session.read(w.variable)) as Float32Array;
    await session.close();
    expectClose(got, c.out.data, 2e-7);
    const columns = c.w.shape[1]!;
    const kept = got.filter((_, i) => c.norms.data[i % columns]! <= c.maxNorm);
    expect(kept).toEqual(w.values.filter((_, i) => c.norms.data[i % columns]! <= c.maxNorm));
    expect(kept.length).toBe(2 * c.w.shape[0]!);
  });
});

test('a network: losses of ten steps and the weights after them', async () => {
  const c = golden.mlp;
  const { forward, trained } = network(mlp(c.sizes));
  const parameters = trained.map((parameter) => parameter.variable);
  const [x, soft, labels] = [input(c.x), input(c.soft), input(c.labels, 'i32')];
  const losses = variable('losses', [c.steps]);
  const loss = ops.mean(
    ops.kdLoss(forward(x.variable, 'train').logits, {
      soft: soft.variable,
      labels: labels.variable,
      temperature: c.T,
      alpha: c.alpha,
      beta: c.beta,
    }),
  );
  const { effects } = updates({
    optimizer: { kind: 'sgd', momentum: c.momentum },
    parameters: trained,
    gradients: gradients(loss, parameters),
    rate: ops.fill(c.lr, []),
    powers: ops.fill(0, [2]),
    clip: 'none',
  });
  const session = await engine.load({ step: [...effects, ops.writeAtStep(losses, loss)] });
  for (const { variable: v, values } of [x, soft, labels]) await session.write(v, values);
  const initial = c.initial.flatMap(({ w, b }) => [w, b]);
  const final = c.final.flatMap(({ w, b }) => [w, b]);
  for (const [i, parameter] of parameters.entries()) {
    expect(parameter.shape).toEqual(initial[i]!.shape);
    await session.write(parameter, Float32Array.from(initial[i]!.data));
  }
  expect(await session.run('step', { steps: c.steps })).toBe(c.steps);
  expectClose(await session.read(losses), c.loss.data, 1e-6);
  for (const [i, parameter] of parameters.entries())
    expectClose(await session.read(parameter), final[i]!.data, 2e-6);
  await session.close();
});

/** The values of tensors, all computed in one plan. */
async function evaluate(inputs: readonly Input[], tensors: readonly Tensor[]): Promise<Float32Array[]> {
  return (await evaluateOn(engine, inputs, tensors)) as Float32Array[];
}

/** Runs an optimizer over the given gradients and compares the weights after every step. */
async function expectSteps(
  { lr, w0, grads, w }: Steps,
  move: (w: Variable, gradient: Tensor, rate: Tensor) => Effect[],
  more: readonly Input[] = [],
): Promise<void> {
  const steps = lr.length;
  const [weights, gradient] = [input(w0), input(grads)];
  const rates = { variable: variable('rates', [steps]), values: Float32Array.from(lr) };
  const effects = move(weights.variable, ops.atStep(gradient.variable), ops.atStep(rates.variable));
  const session = await engine.load({ step: effects });
  for (const { variable: v, values } of [weights, gradient, rates, ...more]) await session.write(v, values);
  const count = weights.values.length;
  for (let step = 0; step < steps; step++) {
    await session.run('step', { from: step });
    expectClose(
      (await session.read(weights.variable)) as Float32Array,
      w.data.slice(step * count, (step + 1) * count),
      1e-6,
    );
  }
  await session.close();
}

function scaled({ data }: Numbers, factor: number): number[] {
  return data.map((v) => v * factor);
}
