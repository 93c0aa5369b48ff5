import { describe, expect, test } from 'vitest';
import { createEngine, evaluate, mlp, predict, type TrainOptions, train, trainEpochs } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import {
  decoupled,
  dist,
  features,
  logitRegression,
  logits,
  logitsOf,
  type Objective,
  type Step,
} from 'wasm-distill/objectives';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(600);
const base = { data, epochs: 4, seed: 1, recipe: { rate: 0.1 } } as const;
const teacherOptions: TrainOptions = { ...base, architecture: mlp([144, 24, 10], { input: byteInput }) };
const student = mlp([144, 12, 10], { input: byteInput });

describe('logits of an ensemble', () => {
  test('are the mean of the members’, and their softmax is what predict answers for one', async () => {
    await using engine = await createEngine({ threads: 2 });
    const teachers = [
      await train(engine, teacherOptions),
      await train(engine, { ...teacherOptions, seed: 2 }),
    ];
    const [first, second, both] = await Promise.all(
      [teachers.slice(0, 1), teachers.slice(1), teachers].map((some) => logitsOf(engine, some, data)),
    );
    expect(both).toHaveLength(6000);
    both!.forEach((z, i) => {
      expect(z).toBeCloseTo((first![i]! + second![i]!) / 2, 4);
    });
    const probabilities = await predict(engine, teachers.slice(0, 1), data);
    const row = [...first!.subarray(70, 80)].map(Math.exp);
    row.forEach((e, c) => {
      expect(probabilities[70 + c]).toBeCloseTo(e / row.reduce((a, b) => a + b), 5);
    });
    await expect(logitsOf(engine, [], data)).rejects.toThrow(
      /teachers must be a list of at least one trained model/,
    );
    await expect(logitsOf(engine, teachers, syntheticData(9, 10, 5))).rejects.toMatchObject({
      code: 'mismatch',
    });
  });
});

describe('regression on logits', () => {
  test('a student learns from no label, only from its teacher’s logits', async () => {
    await using engine = await createEngine({ threads: 2 });
    const teacher = await train(engine, teacherOptions);
    const targets = await logitsOf(engine, [teacher], data);
    const objective = logits({ logits: targets, classes: 10 });
    const options = { ...base, architecture: student, epochs: 40, recipe: { rate: 0.03 }, objective };
    const learned = await train(engine, options);
    const { errors } = await evaluate(engine, teacher, data);
    expect((await evaluate(engine, learned, data)).errors).toBeLessThan(errors + 100);
  });

  test('kept logits and features don’t teach augmented samples, of which they say nothing', async () => {
    await using engine = await createEngine({ threads: 1 });
    const options = { ...base, architecture: student, augment: [{ shift: 1 }] };
    const values = new Float32Array(6000);
    const objectives = [
      logits({ logits: values, classes: 10 }),
      features({ features: values, units: 10, weight: 1 }),
    ];
    for (const objective of objectives)
      await expect(train(engine, { ...options, objective })).rejects.toMatchObject({ code: 'mismatch' });
    const teachers = [await train(engine, teacherOptions)];
    await train(engine, { ...options, epochs: 1, objective: logits({ teachers }) });
  });

  test('the rows that fill up the last batch count as nothing, though the loss of a row of zeros isn’t zero', async () => {
    await using engine = await createEngine({ threads: 1 });
    const teacher = await train(engine, teacherOptions);
    const targets = await logitsOf(engine, [teacher], data);
    const losses: number[] = [];
    for (const batch of [600, 599, 64, 7]) {
      // A rate so small that weights stay as they are, and weights whose logits of an empty image aren't zero.
      const options = { ...teacherOptions, initial: teacher, epochs: 1, recipe: { rate: 1e-12 }, batch };
      const shifted = targets.map((z) => z + 1);
      for await (const { loss } of trainEpochs(engine, {
        ...options,
        objective: logits({ logits: shifted, classes: 10 }),
      }))
        losses.push(loss);
    }
    for (const loss of losses) expect(loss).toBeCloseTo(5, 3);
  });

  test('targets of another number of samples, or no numbers, are refused', async () => {
    await using engine = await createEngine({ threads: 1 });
    const objective = logits({ logits: new Float32Array(5999), classes: 10 });
    await expect(train(engine, { ...base, architecture: student, objective })).rejects.toThrow(
      /column logits has 5999 numbers, but 600 samples of shape \[10\] need 6000/,
    );
    const endless = new Float32Array(6000).fill(Number.POSITIVE_INFINITY, 17, 18);
    expect(() => logits({ logits: endless, classes: 10 })).toThrow(
      /the teachers' logits must be finite numbers: number 17 is Infinity/,
    );
  });
});

describe('the limit of a high temperature: ∂(T²·CE)/∂z → (z − v)/N (equation 4 of the paper)', () => {
  const [rows, classes] = [4, 10];
  const z = variable('z', [rows, classes]);
  const v = variable('v', [rows, classes]);
  const values = (offset: number) =>
    new Map([
      [z, Array.from({ length: rows * classes }, (_, i) => Math.fround(3 * Math.sin(7 * i + 1)))],
      [
        v,
        Array.from({ length: rows * classes }, (_, i) => Math.fround(4 * Math.cos(5 * i + offset) + offset)),
      ],
    ]);
  const distillation = (temperature: number) => {
    const soft = ops.softmax(v, temperature);
    const loss = ops.kdLoss(z, { soft, temperature, beta: temperature * temperature });
    return gradients(ops.sumTo(loss, []), [z])[0]!;
  };
  const limit = gradients(ops.sumTo(logitRegression(z, v, { centered: true }), []), [z])[0]!;

  /** g along r, as a multiple of r: 1 where they are equal; and how far g then is from r at most. */
  const ratio = (g: ArrayLike<number>, r: ArrayLike<number>): { ratio: number; worst: number } => {
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
    const worst = Array.from(g).reduce((most, x, i) => Math.max(most, Math.abs(x - r[i]!)), 0);
    return { ratio: dot(g, r) / dot(r, r), worst };
  };

  test('in float64 the ratio tends to 1, and every element to its limit as 1/T', () => {
    const found = [10, 100, 1e3, 1e4].map((temperature) => {
      const [g, r] = evaluateReference([distillation(temperature), limit], values(2));
      return {
        temperature,
        ...ratio(
          g!,
          r!.map((x) => x / classes),
        ),
      };
    });
    found.forEach((f, i) => {
      expect(Math.abs(f.ratio - 1)).toBeLessThan(1 / f.temperature);
      if (i > 0) expect(found[i - 1]!.worst / f.worst).toBeCloseTo(10, 0);
    });
  });

  test('zero-meaned logits need no centring', () => {
    const centered = new Map([...values(0)].map(([t, x]) => [t, zeroMean(x, classes)] as const));
    const plain = gradients(ops.sumTo(logitRegression(z, v), []), [z])[0]!;
    const [a, b] = evaluateReference([plain, limit], centered);
    a!.forEach((x, i) => {
      expect(x).toBeCloseTo(b![i]!, 12);
    });
  });

  test.each([
    // T·(rounding of a probability of 1/N, some 1e-8) is what f32 leaves of the gradient: it grows with T as 1/T falls.
    [10, 0.02],
    [100, 1e-3],
    [1000, 1e-4],
  ])('on the engine at T = %d within %d', async (temperature, tolerance) => {
    await using engine = await createEngine({ threads: 1 });
    const [g, r] = [variable('g', z.shape), variable('r', z.shape)];
    const effects = [ops.assign(g, distillation(temperature)), ops.assign(r, ops.scale(limit, 1 / classes))];
    const session = await engine.load({ run: effects });
    for (const [variableOf, x] of values(2)) await session.write(variableOf, Float32Array.from(x));
    await session.run('run');
    const found = ratio(await session.read(g), await session.read(r));
    expect(Math.abs(found.ratio - 1)).toBeLessThan(tolerance);
    expect(found.worst).toBeLessThan(tolerance * 10);
  });
});

function zeroMean(x: readonly number[], columns: number): number[] {
  return x.map((value, i) => {
    const row = Math.floor(i / columns) * columns;
    return value - x.slice(row, row + columns).reduce((a, b) => a + b) / columns;
  });
}

describe('standardized logits', () => {
  const own = variable('own', [3, 4]);
  const teacher = variable('teacher', [3, 4]);
  const labels = variable('labels', [3], 'i32');
  const step = { size: 3, student: { logits: own }, columns: { logits: teacher }, labels };
  const numbers = (from: number, by: number) =>
    Array.from({ length: 12 }, (_, i) => from + by * Math.sin(3 * i) + 0.1 * i);
  const losses = (objective: Objective, student: readonly number[]) => {
    const values = new Map<Tensor, ArrayLike<number>>([
      [own, student],
      [teacher, numbers(1, 2)],
      [labels, [0, 3, 1]],
    ]);
    return [...evaluateReference([objective.loss(step as unknown as Step)], values)[0]!];
  };
  const kept = { logits: new Float32Array(12), classes: 4 } as const;

  test.each([
    ['decoupled', (standardize: boolean) => decoupled({ ...kept, temperature: 2, standardize })],
    ['dist', (standardize: boolean) => dist({ ...kept, standardize })],
  ] as const)('%s then sees neither the mean nor the size of a student’s logits', (_, objective) => {
    const [plain, larger] = [numbers(0, 0.5), numbers(0, 0.5).map((z) => 7 + 8 * z)];
    const expected = losses(objective(true), plain);
    expect(expected.every((loss) => loss > 1e-3)).toBe(true);
    losses(objective(true), larger).forEach((loss, i) => {
      expect(loss).toBeCloseTo(expected[i]!, 5);
    });
    expect(losses(objective(false), larger)[0]).not.toBeCloseTo(losses(objective(false), plain)[0]!, 3);
    expect(objective(true).spec).toMatchObject({ standardize: true });
    expect(objective(false).spec).not.toHaveProperty('standardize');
  });
});
