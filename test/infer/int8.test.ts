import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createEngine, encodeInt8Model, encodeModel, loadMnist, mlp, take, train } from 'wasm-distill';
import { decodeSafetensors } from 'wasm-distill/formats';
import { load } from 'wasm-distill/infer';
import { denseStep } from '#library/infer/dense.js';
import { Store, viewOf } from '#library/infer/images.js';
import { instantiate, type Kernels } from '#library/infer/kernels.js';
import type { Dense } from '#library/infer/layers.js';
import { Memory } from '#library/infer/memory.js';
import { readStudent } from '#library/infer/student-file.js';
import { byteInput } from '#library/nn/specs.js';
import { numbers, randomModel } from '../support/models.ts';

const kernels = async (): Promise<Kernels> =>
  instantiate(await WebAssembly.compile(await readFile('dist/infer/infer.wasm')));

/** A dense layer with weights of 8 bits. */
type Int8Layer = Omit<Dense, 'weights' | 'scales'> & { weights: Int8Array; scales: Float32Array };

function int8Layer(
  inputs: number,
  outputs: number,
  rest: Pick<Int8Layer, 'weights' | 'scales' | 'bias' | 'relu'>,
): Int8Layer {
  return { kind: 'dense', output: [1, 1, outputs], inputs, outputs, ...rest };
}

/** A layer with 8-bit weights as a file holds it, of any whole numbers, extremes included. */
function randomLayer(inputs: number, outputs: number, relu: boolean): Int8Layer {
  const next = numbers(inputs * 31 + outputs);
  const weights = Int8Array.from({ length: inputs * outputs }, () =>
    Math.max(-127, Math.min(127, Math.round(next() * 160))),
  );
  const scales = Float32Array.from({ length: outputs }, () => 0.01 + Math.abs(next()) / 100);
  const bias = Float32Array.from({ length: outputs }, next);
  return int8Layer(inputs, outputs, { relu, weights, scales, bias });
}

/** Runs one layer on rows of x. */
async function run(layer: Int8Layer, x: Float32Array, rows: number): Promise<Float32Array> {
  const { inputs, outputs } = layer;
  const memory = new Memory(await kernels(), rows);
  const from = new Store([1, 1, inputs]);
  const to = new Store([1, 1, outputs]);
  for (const store of [from, to]) store.at = memory.place(rows * store.imageBytes);
  const step = denseStep(memory, layer, viewOf(from), viewOf(to));
  memory.grow();
  const { buffer } = memory.kernels.memory;
  for (let r = 0; r < rows; r++)
    new Float32Array(buffer, from.at + r * from.imageBytes, inputs).set(
      x.subarray(r * inputs, (r + 1) * inputs),
    );
  step(rows);
  const y = new Float32Array(rows * outputs);
  for (let r = 0; r < rows; r++)
    y.set(new Float32Array(buffer, to.at + r * to.imageBytes, outputs), r * outputs);
  return y;
}

const f = Math.fround;

function roundHalfToEven(x: number): number {
  const near = Math.round(x);
  return near - x === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

/** The same arithmetic with nothing packed or moved: each step rounded as f32, the sums whole. */
function reference({ inputs, outputs, weights, scales, bias, relu }: Int8Layer, x: Float32Array) {
  const low = Math.min(0, ...x);
  const step = f(f(Math.max(0, ...x) - low) / 254);
  const inverse = f(1 / step) < Infinity ? f(1 / step) : 0;
  const zero = roundHalfToEven(f(-low * inverse));
  const q = Array.from(x, (value) => Math.min(254, roundHalfToEven(f(value * inverse)) + zero) - zero);
  return Float32Array.from({ length: outputs }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += q[i]! * weights[i * outputs + j]!;
    const y = f(f(f(sum) * f(step * scales[j]!)) + bias[j]!);
    return relu && y < 0 ? 0 : y;
  });
}

test.each([
  [1, 1],
  [3, 16],
  [4, 17],
  [5, 15],
  [66, 33],
  [784, 50],
  [1203, 10],
])('a layer of %i inputs and %i outputs is exact in whole numbers', async (inputs, outputs) => {
  const next = numbers(inputs);
  const kinds: Record<string, () => number> = {
    positive: () => Math.abs(next()),
    signed: () => 3 * next(),
    negative: () => -Math.abs(next()) - 5,
    sparse: () => Math.max(0, next()),
    zero: () => 0,
    tiny: () => 1e-42 * next(),
    large: () => 1e30 * next(),
  };
  for (const [kind, value] of Object.entries(kinds)) {
    for (const relu of [false, true]) {
      const layer = randomLayer(inputs, outputs, relu);
      const x = Float32Array.from({ length: 3 * inputs }, value);
      const expected = [0, 1, 2].flatMap((r) => [
        ...reference(layer, x.subarray(r * inputs, (r + 1) * inputs)),
      ]);
      expect([...(await run(layer, x, 3))], `${kind}, ReLU ${relu}`).toEqual(expected);
    }
  }
});

test('the largest sums that a file may ask for do not overflow', async () => {
  const inputs = 65_536;
  const layer = int8Layer(inputs, 2, {
    relu: false,
    weights: Int8Array.from({ length: 2 * inputs }, (_, i) => (i % 2 ? -127 : 127)),
    scales: new Float32Array(2).fill(1),
    bias: new Float32Array(2),
  });
  const x = new Float32Array(inputs).fill(254);
  expect([...(await run(layer, x, 1))]).toEqual([1, -1].map((sign) => f(sign * 254 * 127 * inputs)));
});

test('weights and outputs are as near to the f32 layer as half a unit of each allows', async () => {
  const [inputs, outputs] = [300, 40];
  const model = randomModel([inputs, outputs]);
  const w = model.weights.get('logits.weight')!;
  const bias = model.weights.get('logits.bias')!;
  const [layer] = readStudent(encodeInt8Model(model), 'test').layers as unknown as [Int8Layer];
  const next = numbers(3);
  const x = Float32Array.from({ length: inputs }, next);
  const y = await run(layer, x, 1);
  const step = (Math.max(...x) - Math.min(...x)) / 254;
  for (let j = 0; j < outputs; j++) {
    const scale = layer.scales[j]!;
    let exact = bias[j]!;
    let bound = 1e-4;
    for (let i = 0; i < inputs; i++) {
      const at = i * outputs + j;
      expect(Math.abs(layer.weights[at]! * scale - w[at]!)).toBeLessThanOrEqual(scale * 0.5001);
      exact += x[i]! * w[at]!;
      // |x·w − (x + dx)(w + dw)| with |dx| ≤ step (the last level is cut off) and |dw| ≤ scale/2.
      bound += (Math.abs(x[i]!) * scale) / 2 + step * (Math.abs(w[at]!) + scale / 2);
    }
    expect(Math.abs(y[j]! - exact)).toBeLessThan(bound);
  }
});

test('a file has a quarter of the bytes, keeps its metadata, and cannot pass for f32', () => {
  const model = randomModel([784, 800, 800, 10]);
  const metadata = { history: '[]', format: 'wasm-distill' };
  const int8 = encodeInt8Model(model, metadata);
  expect(int8.length / encodeModel(model, metadata).length).toBeLessThan(0.256);
  expect(decodeSafetensors(int8, 'int8').metadata).toMatchObject({
    history: '[]',
    format: 'wasm-distill int8',
  });
});

test('units that are zero, or too small to count, stay zero', async () => {
  const model = randomModel([3, 2]);
  model.weights.get('logits.weight')!.set([0, 1e-44, 0, -1e-44, 0, 0]);
  const [layer] = readStudent(encodeInt8Model(model), 'test').layers as unknown as [Int8Layer];
  expect([...layer.scales]).toEqual([0, 0]);
  expect([...layer.weights]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a student trained on MNIST makes at most 5 more errors with 8 bits', async () => {
  await using engine = await createEngine();
  const { train: images, test: unseen } = await loadMnist();
  const architecture = mlp([784, 800, 800, 10], { input: byteInput });
  const model = await train(engine, { architecture, data: take(images, 10_000), epochs: 1, seed: 1 });
  const errors = async (bytes: Uint8Array) => {
    const { labels } = (await load(bytes)).predictBatch(unseen.inputs.values, unseen.size);
    return labels.reduce((sum, label, i) => sum + Number(label !== unseen.labels[i]), 0);
  };
  const f32 = await errors(encodeModel(model));
  expect(f32).toBeLessThan(1000);
  expect(await errors(encodeInt8Model(model))).toBeLessThanOrEqual(f32 + 5);
});
