// Works on multilayer perceptrons: 784-1200-1200-10 and the like.
import { descend, distillation } from './loss.mjs';
import { recordedLosses } from './recorded.mjs';

const training = {
  form: 'mlp',
  kind: 'train',
  weights: 'f32',
  lr: 0.01,
  momentum: 0.9,
  temperature: 20,
  alpha: 0.1,
};
const inference = { ...training, kind: 'infer' };

export const configs = {
  A: { ...training, layers: [784, 1200, 1200, 10], batch: 128 },
  'A-1024': { ...training, layers: [784, 1200, 1200, 10], batch: 1024 },
  'A-dry': { ...training, layers: [12, 9, 7, 4], batch: 5 },
  B: { ...training, layers: [784, 800, 800, 10], batch: 128 },
  C: { ...training, layers: [784, 30, 30, 10], batch: 100 },
  'C-100': { ...training, layers: [784, 100, 100, 10], batch: 100 },
  'C-300': { ...training, layers: [784, 300, 300, 10], batch: 100 },
  'infer-1': { ...inference, layers: [784, 800, 800, 10], batch: 1 },
  'infer-int8-1': { ...inference, weights: 'int8', layers: [784, 800, 800, 10], batch: 1 },
  'infer-128': { ...inference, layers: [784, 800, 800, 10], batch: 128 },
};

/** A work's arrays; `take` gives so many numbers. */
export function arraysOf({ layers: sizes, batch }, take) {
  const layers = sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i];
    return { inputs, outputs, w: take(inputs * outputs), b: take(outputs) };
  });
  const classes = sizes.at(-1);
  return { layers, x: take(batch * sizes[0]), soft: take(batch * classes), labels: take(batch) };
}

/** Sets a work's numbers from numbers in (0, 1). */
export function fill({ config, arrays: { layers, x, soft, labels } }, random) {
  for (const { w, b, inputs } of layers) {
    const limit = Math.sqrt(6 / inputs);
    for (let i = 0; i < w.length; i++) w[i] = (2 * random() - 1) * limit;
    // Not zero, so that a peer that forgets the biases is found out.
    for (let i = 0; i < b.length; i++) b[i] = 0.2 * random() - 0.1;
  }
  // Like an image: mostly black.
  for (let i = 0; i < x.length; i++) x[i] = Math.max(0, 4 * random() - 3);
  const classes = config.layers.at(-1);
  for (let row = 0; row < config.batch; row++) {
    labels[row] = Math.floor(random() * classes);
    const weights = Array.from({ length: classes }, () => Math.exp(5 * random()));
    const sum = weights.reduce((a, b) => a + b);
    for (let i = 0; i < classes; i++) soft[row * classes + i] = weights[i] / sum;
  }
}

/** The recorded losses, which a large batch takes half a minute for, or else {@link computedLosses}. */
export function losses(work, steps = 5, clip = Number.POSITIVE_INFINITY) {
  const recorded = clip === Number.POSITIVE_INFINITY ? recordedLosses(work, steps) : undefined;
  return recorded ?? computedLosses(work, steps, clip);
}

/**
 * The losses before each of some steps of training, in doubles and with nothing clever; the gradient of all parameters
 * together is scaled down to the norm `clip` where it is longer.
 */
export function computedLosses(work, steps, clip = Number.POSITIVE_INFINITY) {
  const { config } = work;
  const layers = work.arrays.layers.map(({ w, b, inputs, outputs }) => ({
    inputs,
    outputs,
    w: Float64Array.from(w),
    b: Float64Array.from(b),
    dw: new Float64Array(w.length),
    db: new Float64Array(b.length),
    vw: new Float64Array(w.length),
    vb: new Float64Array(b.length),
  }));
  const losses = [];
  for (let step = 0; step < steps; step++) {
    const activations = forward(layers, work.arrays.x, config.batch);
    const { loss, gradient } = distillation(work, activations.at(-1));
    losses.push(loss);
    backward(layers, activations, gradient, config.batch);
    const factor = Math.min(1, clip / normOf(layers.flatMap(({ dw, db }) => [dw, db])));
    for (const layer of layers) {
      descend(layer.w, layer.dw, layer.vw, factor, config);
      descend(layer.b, layer.db, layer.vb, factor, config);
    }
  }
  return losses;
}

/** The logits [batch, classes] of an inference, in doubles. */
export function outputs(work) {
  return forward(work.arrays.layers, work.arrays.x, work.config.batch).at(-1);
}

/** The input and each layer's output, ReLU after all but the last. */
function forward(layers, x, batch) {
  const activations = [Float64Array.from(x)];
  layers.forEach(({ w, b, inputs, outputs }, index) => {
    const input = activations[index];
    const output = new Float64Array(batch * outputs);
    for (let row = 0; row < batch; row++) {
      const out = output.subarray(row * outputs, (row + 1) * outputs);
      out.set(b);
      for (let i = 0; i < inputs; i++) {
        const value = input[row * inputs + i];
        if (value === 0) continue;
        const from = i * outputs;
        for (let j = 0; j < outputs; j++) out[j] += value * w[from + j];
      }
      if (index < layers.length - 1) for (let j = 0; j < outputs; j++) out[j] = Math.max(0, out[j]);
    }
    activations.push(output);
  });
  return activations;
}

function backward(layers, activations, gradient, batch) {
  let delta = gradient;
  for (let index = layers.length - 1; index >= 0; index--) {
    const { w, dw, db, inputs, outputs } = layers[index];
    const input = activations[index];
    const before = new Float64Array(batch * inputs);
    dw.fill(0);
    db.fill(0);
    for (let row = 0; row < batch; row++) {
      const d = delta.subarray(row * outputs, (row + 1) * outputs);
      for (let j = 0; j < outputs; j++) db[j] += d[j];
      for (let i = 0; i < inputs; i++) {
        const value = input[row * inputs + i];
        // Behind a ReLU that gave 0 there's nothing to learn, and the first layer's input wants no gradient.
        if (value === 0) continue;
        const from = i * outputs;
        let sum = 0;
        for (let j = 0; j < outputs; j++) {
          dw[from + j] += value * d[j];
          sum += w[from + j] * d[j];
        }
        before[row * inputs + i] = sum;
      }
    }
    delta = before;
  }
}

/** The L2 norm of some arrays as if they were one. */
function normOf(arrays) {
  let squares = 0;
  for (const array of arrays) for (const value of array) squares += value * value;
  return Math.sqrt(squares);
}
