import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  createEngine,
  custom,
  distill,
  type KdOptions,
  labels as learnLabels,
  mlp,
  type Objective,
  type Step,
  softTargets,
  train,
} from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import { distillationLoss, logitRegression } from 'wasm-distill/objectives';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

/** The golden row of wentianli's Caffe layer, and a label. */
const STUDENT = [1, 2, 3];
const TEACHER = [5, 1, -2];
const LABEL = 1;

const logits = variable('logits', [1, 3]);
const soft = variable('soft', [1, 3]);
const labels = variable('labels', [1], 'i32');
const targets = variable('targets', [1, 3]);

/** A loss of ours and its gradient by the logits for that row, by the float64 reference. */
function ours(loss: Tensor, temperature: number): { loss: number; gradient: number[] } {
  const values = new Map<Tensor, readonly number[]>([
    [logits, STUDENT],
    [soft, softmax(TEACHER, temperature)],
    [labels, [LABEL]],
    [targets, TEACHER],
  ]);
  const [value, gradient] = evaluateReference([loss, ...gradients(ops.sumTo(loss, []), [logits])], values);
  return { loss: value![0]!, gradient: [...gradient!] };
}

const distilled = (options: KdOptions) =>
  ours(distillationLoss({ logits, labels, soft }, options), options.temperature);

function softmax(z: readonly number[], temperature: number): number[] {
  const powers = z.map((v) => Math.exp(v / temperature));
  return powers.map((e) => e / powers.reduce((a, b) => a + b));
}

function crossEntropy(t: readonly number[], z: readonly number[], temperature: number): number {
  return softmax(z, temperature).reduce((sum, q, c) => sum - t[c]! * Math.log(q), 0);
}

/** KL(p ‖ q) of teacher and student at a temperature. */
function divergence(temperature: number): number {
  const p = softmax(TEACHER, temperature);
  return crossEntropy(p, STUDENT, temperature) - entropy(temperature);
}

function entropy(temperature: number): number {
  return softmax(TEACHER, temperature).reduce((sum, p) => sum - p * Math.log(p), 0);
}

const hard = [0, 1, 0];

/** Another implementation's loss as a function of the student's logits, differentiated by central differences. */
function theirs(loss: (z: readonly number[]) => number): { loss: number; gradient: number[] } {
  const h = 1e-5;
  const at = (i: number, by: number) => loss(STUDENT.map((v, k) => (k === i ? v + by : v)));
  return { loss: loss(STUDENT), gradient: STUDENT.map((_, i) => (at(i, h) - at(i, -h)) / (2 * h)) };
}

function expectSame(a: number[], b: number[]): void {
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i]!, 7);
  });
}

describe('losses of other implementations (docs/losses.md)', () => {
  test('the Caffe layer: KL, T²·KL, its gradient and the cross-entropy of its golden row', () => {
    const found = distilled({ temperature: 4, form: 'two-term', alpha: 0 });
    expect(divergence(4)).toBeCloseTo(0.3845812, 7);
    expect(found.loss - 16 * entropy(4)).toBeCloseTo(6.1532993, 6);
    expect(found.loss / 16).toBeCloseTo(1.2533218, 6);
    expectSame(found.gradient, [-1.5775161, 0.3514771, 1.226039]);
  });

  const forms: [string, KdOptions, (z: readonly number[], p: number[]) => number, factor: number][] = [
    [
      'the paper: b·T²·CE(soft at T) + a·CE(hard at 1)',
      { temperature: 4, form: 'two-term', alpha: 0.2 },
      (z, p) => 0.8 * 16 * crossEntropy(p, z, 4) + 0.2 * crossEntropy(hard, z, 1),
      1,
    ],
    [
      'label fusion, the hard label at T as well',
      { temperature: 4, form: 'fusion', alpha: 0.2 },
      (z, p) => 0.8 * crossEntropy(p, z, 4) + 0.2 * crossEntropy(hard, z, 4),
      16,
    ],
    [
      'the Keras example without T²',
      { temperature: 10, form: 'two-term', alpha: 0.1, softWeight: 0.9 },
      (z, p) => 0.1 * crossEntropy(hard, z, 1) + 0.9 * crossEntropy(p, z, 10),
      1,
    ],
    [
      'TropComplique: λ·CE(T = 1) + CE(T = 5)',
      { temperature: 5, form: 'two-term', alpha: 0.07, softWeight: 1 },
      (z, p) => 0.07 * crossEntropy(hard, z, 1) + crossEntropy(p, z, 5),
      1,
    ],
    [
      'the plain sum: CE(soft at T) + CE(hard at 1)',
      { temperature: 20, form: 'sum' },
      (z, p) => crossEntropy(p, z, 20) + crossEntropy(hard, z, 1),
      1,
    ],
    [
      'haitongli: a mean over the classes too',
      { temperature: 6, form: 'two-term', alpha: 0.05, softWeight: (0.95 * 36) / 3 },
      (z, p) => 0.05 * crossEntropy(hard, z, 1) + (0.95 * 36 * crossEntropy(p, z, 6)) / 3,
      1,
    ],
  ];
  test.each(forms)('%s', (_, options, loss, factor) => {
    const found = distilled(options);
    const p = softmax(TEACHER, options.temperature);
    const expected = theirs((z) => factor * loss(z, p));
    expect(found.loss).toBeCloseTo(expected.loss, 9);
    expectSame(found.gradient, expected.gradient);
  });

  test('TropComplique’s λ = 0.07 is a hard share of 64 % in the paper’s form', () => {
    const [lambda, temperature] = [0.07, 5];
    const factor = lambda + 1 / temperature ** 2;
    expect(lambda / factor).toBeCloseTo(0.636, 3);
    const theirForm = distilled({ temperature, form: 'two-term', alpha: lambda, softWeight: 1 });
    const paper = distilled({ temperature, form: 'two-term', alpha: lambda / factor });
    expectSame(
      theirForm.gradient,
      paper.gradient.map((g) => factor * g),
    );
  });

  test.each([0.5, 4, 20])('labels at T = %d: T²·CE(hard at T)', (temperature) => {
    const step = { student: { logits }, labels } as unknown as Step;
    const found = ours(learnLabels({ temperature }).loss(step), temperature);
    const expected = theirs((z) => temperature ** 2 * crossEntropy(hard, z, temperature));
    expect(found.loss).toBeCloseTo(expected.loss, 9);
    expectSame(found.gradient, expected.gradient);
  });

  test('model_compression: half the squared distance of the logits', () => {
    const found = ours(logitRegression(logits, targets), 1);
    expect(found).toEqual({ loss: (16 + 1 + 25) / 2, gradient: [-4, 1, 5] });
  });

  test('model_compression --KD: sigmoids at τ and logits over τ, by the code of docs/losses.md', async () => {
    const page = await readFile(new URL('../../docs/losses.md', import.meta.url), 'utf8');
    const code = page.split('```ts\n')[1]!.split('```')[0]!;
    const make = new Function('ops', 'custom', 'logitRegression', `${code}; return modelCompression;`);
    const [lambda, tau] = [0.3, 3];
    const objective: Objective = make(
      ops,
      custom,
      logitRegression,
    )({ lambda, tau, logits: Float32Array.from(TEACHER), classes: 3 });
    expect(objective.columns).toEqual({ targets: { values: Float32Array.from(TEACHER), shape: [3] } });
    const step = { student: { logits }, labels, columns: { targets } } as unknown as Step;
    const found = ours(objective.loss(step), 1);
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
    const expected = theirs((z) =>
      z.reduce((sum, v, c) => {
        const q = sigmoid(v / tau);
        const likelihood = hard[c] === 1 ? q : 1 - q;
        return sum - lambda * Math.log(likelihood) + ((1 - lambda) * ((v - TEACHER[c]!) / tau) ** 2) / 2;
      }, 0),
    );
    expect(found.loss).toBeCloseTo(expected.loss, 6);
    expectSame(found.gradient, expected.gradient);
  });
});

describe('the soft weight', () => {
  test('trains, and (1 − a)·T² is what it is without', async () => {
    await using engine = await createEngine({ threads: 1 });
    const data = syntheticData(300);
    const base = {
      architecture: mlp([144, 12, 10], { input: byteInput }),
      data,
      epochs: 2,
      seed: 1,
    } as const;
    const teacher = await train(engine, base);
    const options = {
      ...base,
      soft: await softTargets(engine, [teacher], data, { temperature: 4 }),
      temperature: 4,
      alpha: 0.25,
      form: 'two-term',
      recipe: { rate: 0.02 },
    } as const;
    const plain = await distill(engine, options);
    expect(await distill(engine, { ...options, softWeight: 0.75 * 16 })).toEqual(plain);
    expect(await distill(engine, { ...options, softWeight: 0.75 })).not.toEqual(plain);
  });

  test('must be a number of at least 0, and has no place in fusion', () => {
    for (const softWeight of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => distilled({ temperature: 4, form: 'two-term', softWeight })).toThrow(/a soft weight of/);
    expect(() => distilled({ temperature: 4, softWeight: 1 })).toThrow(/the form two-term/);
    expect(() => distilled({ temperature: 4, form: 'sum', softWeight: 1 })).toThrow(/the form two-term/);
  });
});

describe('the plain sum', () => {
  test('has no weights, and says so', () => {
    expect(() => distilled({ temperature: 4, form: 'sum', alpha: 0.1 })).toThrow(
      /alpha of 0.1 was given for the form sum, which adds up both terms as they are/,
    );
  });

  test('is two terms of weight 1', () => {
    const sum = distilled({ temperature: 4, form: 'sum' });
    expect(sum).toEqual(distilled({ temperature: 4, form: 'two-term', alpha: 1, softWeight: 1 }));
  });
});
