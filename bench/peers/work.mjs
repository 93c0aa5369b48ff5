// The works that the benchmark times, ours and the peers' alike: how their data is made, written, read, and what the
// right answer is. See README.md for the format.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const training = { kind: 'train', weights: 'f32', lr: 0.01, momentum: 0.9, temperature: 20, alpha: 0.1 };
const inference = { ...training, kind: 'infer' };

const configs = {
  A: { ...training, layers: [784, 1200, 1200, 10], batch: 128 },
  B: { ...training, layers: [784, 800, 800, 10], batch: 128 },
  C: { ...training, layers: [784, 30, 30, 10], batch: 100 },
  'infer-1': { ...inference, layers: [784, 800, 800, 10], batch: 1 },
  'infer-int8-1': { ...inference, weights: 'int8', layers: [784, 800, 800, 10], batch: 1 },
  'infer-128': { ...inference, layers: [784, 800, 800, 10], batch: 128 },
};

export const workNames = Object.keys(configs);

/**
 * After so many steps on its one batch a timed training goes back to the first weights, off the clock. Otherwise it
 * converges, the velocities of units that died fade into denormal numbers (after some 900 steps), and arithmetic on
 * those is slow on x86: a time would tell how long a peer had run.
 */
export const stepsBeforeReset = 400;

/**
 * How far numbers, ours or a peer's, may be from the reference's (see {@link disagreement}), by the work's weights: those of
 * 8 bits are rounded to 1/127 of the largest.
 */
export const tolerance = { f32: 1e-3, int8: 2e-2 };

/** Numbers in (0, 1) that are the same everywhere: Lehmer's generator, whose products are exact in a double. */
function lehmer(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Makes the named work: always the same numbers. */
export function makeWork(name) {
  if (!configs[name]) throw new Error(`no work is called ${name}; there are ${workNames.join(', ')}`);
  const config = { name, ...configs[name] };
  const random = lehmer(20150309);
  const work = emptyWork(config);
  const { layers, x, soft, labels } = work.arrays;
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
  return work;
}

/** Arrays of the right sizes, one after the other in one buffer, which is also what a file holds. */
function emptyWork(config, buffer) {
  const { layers: sizes, batch } = config;
  const classes = sizes.at(-1);
  const inner = sizes.slice(1).map((outputs, i) => ({ inputs: sizes[i], outputs }));
  const count =
    inner.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0) +
    batch * (sizes[0] + classes + 1);
  const all = new Float32Array(buffer ?? new ArrayBuffer(4 * count));
  if (all.length !== count) throw new Error(`work.bin holds ${all.length} numbers instead of ${count}`);
  let at = 0;
  const take = (length) => {
    at += length;
    return all.subarray(at - length, at);
  };
  const layers = inner.map(({ inputs, outputs }) => ({
    inputs,
    outputs,
    w: take(inputs * outputs),
    b: take(outputs),
  }));
  return {
    config,
    arrays: { layers, x: take(batch * sizes[0]), soft: take(batch * classes), labels: take(batch) },
    all,
  };
}

export async function writeWork(dir, work) {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'work.bin'), new Uint8Array(work.all.buffer));
  await writeFile(join(dir, 'work.json'), `${JSON.stringify(work.config, null, 2)}\n`);
}

export async function readWork(dir) {
  const config = JSON.parse(await readFile(join(dir, 'work.json'), 'utf8'));
  const bytes = await readFile(join(dir, 'work.bin'));
  return emptyWork(config, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * The losses before each of some steps of training, in doubles and with nothing clever; the gradient of all parameters
 * together is scaled down to the norm `clip` where it is longer.
 */
export function referenceLosses(work, steps = 5, clip = Number.POSITIVE_INFINITY) {
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
export function referenceOutputs(work) {
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

/** Batch mean of (1 - alpha)·T²·CE(soft, softmax(z / T)) + alpha·CE(label, softmax(z)), and its gradient by z. */
function distillation({ config, arrays: { soft, labels } }, logits) {
  const { batch, temperature: T, alpha } = config;
  const classes = config.layers.at(-1);
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let row = 0; row < batch; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const warm = logSoftmax(z.map((value) => value / T));
    const cold = logSoftmax(z);
    for (let i = 0; i < classes; i++) {
      const q = soft[row * classes + i];
      const hard = labels[row] === i ? 1 : 0;
      loss -= (1 - alpha) * T * T * q * warm[i] + alpha * hard * cold[i];
      gradient[row * classes + i] =
        ((1 - alpha) * T * (Math.exp(warm[i]) - q) + alpha * (Math.exp(cold[i]) - hard)) / batch;
    }
  }
  return { loss: loss / batch, gradient };
}

function logSoftmax(z) {
  const most = Math.max(...z);
  const log = most + Math.log(z.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return z.map((value) => value - log);
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

function descend(w, g, v, factor, { lr, momentum }) {
  for (let i = 0; i < w.length; i++) {
    v[i] = momentum * v[i] + factor * g[i];
    w[i] -= lr * v[i];
  }
}

/**
 * How far some values are from the reference, relative to the reference's largest, and for losses also how far what
 * was learned is: at T = 20 the loss is large and mostly constant, so that a wrong update would hide in it.
 */
export function disagreement(values, reference) {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < reference.length; i++) {
    const distance = Math.abs(values[i] - reference[i]) / largest;
    if (!(distance <= worst)) worst = distance;
  }
  return worst;
}

/** {@link disagreement} of the losses and of their falls since the first step. */
export function lossDisagreement(losses, reference) {
  const fall = (values) => values.slice(1).map((value) => value - values[0]);
  return Math.max(disagreement(losses, reference), disagreement(fall(losses), fall(reference)));
}
