import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

/** Rows of numbers as a variable with its values. */
function matrix(rows: readonly (readonly number[])[]) {
  const shape = [rows.length, rows[0]!.length];
  return { variable: variable('matrix', shape), values: Float32Array.from(rows.flat()) };
}

function row(numbers: readonly number[]) {
  return { variable: variable('row', [numbers.length]), values: Float32Array.from(numbers) };
}

function labeled(labels: readonly number[]) {
  return { variable: variable('labels', [labels.length], 'i32'), values: Int32Array.from(labels) };
}

type Input = ReturnType<typeof matrix> | ReturnType<typeof labeled>;

async function evaluate(inputs: readonly Input[], tensors: readonly Tensor[]): Promise<number[][]> {
  const outputs = tensors.map(({ shape }, i) => variable(`output${i}`, shape));
  const effects = tensors.map((tensor, i) => ops.assign(outputs[i]!, tensor));
  const session = await engine.load({ run: effects });
  for (const { variable: v, values } of inputs) if (session.has(v)) await session.write(v, values);
  await session.run('run');
  const results: number[][] = [];
  for (const output of outputs) results.push([...(await session.read(output))]);
  await session.close();
  return results;
}

const NAN_AT = 9;
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 17, 33];

describe('NaN does not vanish', () => {
  test.each(LENGTHS)('relu of %i numbers, alone and in a product', async (n) => {
    for (let at = 0; at < n; at++) {
      const values = Array.from({ length: n }, (_, i) => (i === at ? NaN : i - 2));
      const expected = values.map((v) => Math.max(v, 0));
      const x = matrix([values]);
      const one = matrix([[1]]);
      const bias = row(values.map(() => 0));
      const product = ops.matmul(one.variable, x.variable);
      const inputs = [x, one, bias];
      const got = await evaluate(inputs, [
        ops.relu(x.variable),
        ops.relu(product),
        ops.relu(ops.add(product, bias.variable)),
      ]);
      for (const result of got) expect(result.map((v) => v + 0)).toEqual(expected);
    }
  });

  test.each(LENGTHS)('max over %i numbers, along a row and down a column, wherever it stands', async (n) => {
    // One row for each place; the transposed goes through the code for columns.
    const rows = Array.from({ length: n }, (_, at) =>
      Array.from({ length: n }, (_, i) => (i === at ? NaN : i)),
    );
    const x = matrix(rows);
    const finite = matrix(rows.map((values) => values.map((_, i) => i - 100)));
    const [along, down, without] = await evaluate(
      [x, finite],
      [ops.max(x.variable, 1), ops.max(x.variable, 0), ops.max(finite.variable, 1)],
    );
    expect(along).toEqual(rows.map(() => NaN));
    expect(down).toEqual(rows.map(() => NaN));
    expect(without).toEqual(rows.map(() => n - 101));
  });

  test.each(LENGTHS)(
    'softmax and the loss of %i classes: the whole row is NaN, other rows are not',
    async (n) => {
      const rows = Array.from({ length: n }, (_, at) =>
        Array.from({ length: n }, (_, i) => (i === at ? NaN : i / 2)),
      );
      rows.push(Array.from({ length: n }, (_, i) => i / 2));
      const z = matrix(rows);
      const soft = matrix(rows.map((r) => r.map(() => 1 / n)));
      const labels = labeled(rows.map(() => n - 1));
      const loss = ops.kdLoss(z.variable, { soft: soft.variable, labels: labels.variable });
      // The hard loss needs the NaN only by way of Σ exp, where it isn't the label's own logit.
      const hard = ops.kdLoss(z.variable, { labels: labels.variable });
      const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
      const [probabilities, logs, losses, hards, slopes] = (await evaluate(
        [z, soft, labels],
        [ops.softmax(z.variable), ops.logSoftmax(z.variable), loss, hard, gradient!],
      )) as [number[], number[], number[], number[], number[]];
      for (const values of [probabilities, logs, slopes]) {
        expect(values.slice(0, n * n)).toEqual(new Array(n * n).fill(NaN));
        expect(values.slice(n * n).every(Number.isFinite)).toBe(true);
      }
      for (const values of [losses, hards]) {
        expect(values.slice(0, n)).toEqual(new Array(n).fill(NaN));
        expect(Number.isFinite(values[n])).toBe(true);
      }
    },
  );

  test('a product, a sum, exp, log, sqrt, abs, max-norm and a strided copy', async () => {
    const values = Array.from({ length: 17 }, (_, i) => (i === NAN_AT ? NaN : i));
    const x = matrix([values]);
    const ones = matrix(values.map(() => [1, 2]));
    const unary = [ops.exp, ops.log, ops.sqrt, ops.abs, (t: Tensor) => ops.scale(t, 0)];
    const got = await evaluate(
      [x, ones],
      [
        ops.matmul(x.variable, ones.variable),
        ops.sum(x.variable, 1),
        ...unary.map((op) => op(x.variable)),
        ops.transpose(x.variable),
      ],
    );
    expect(got[0]).toEqual([NaN, NaN]);
    expect(got[1]).toEqual([NaN]);
    for (const result of got.slice(2))
      expect(result.map(Number.isNaN)).toEqual(values.map((_, i) => i === NAN_AT));
  });

  test('a step of the optimizers leaves it in the weight, and only there', async () => {
    const values = Array.from({ length: 17 }, (_, i) => (i === NAN_AT ? NaN : 0.5));
    const g = row(values);
    const [sgd, adam, slots] = [
      variable('sgd', [17]),
      variable('adam', [17]),
      [1, 2, 3].map((i) => variable(`slot${i}`, [17])),
    ];
    const rate = ops.fill(0.1, []);
    const session = await engine.load({
      run: [
        ops.sgdUpdate(sgd, { velocity: slots[0]!, gradient: g.variable, rate, momentum: 0.9 }),
        ops.adamUpdate(adam, {
          moments: [slots[1]!, slots[2]!],
          gradient: g.variable,
          rate,
          powers: ops.fill(0.9, [2]),
        }),
      ],
    });
    await session.write(g.variable, g.values);
    await session.run('run');
    for (const w of [sgd, adam]) {
      const result = [...(await session.read(w))];
      expect(result.map(Number.isNaN)).toEqual(values.map((_, i) => i === NAN_AT));
    }
    await session.close();
  });
});

describe('softmax at its ends', () => {
  test.each([1, 2, 3, 4, 5, 10, 70])('%i equal values: each 1/n, whatever they are', async (n) => {
    const values = [0, 2.5, -1e30, 1e30, 3.4028234e38, -3.4028234e38];
    const z = matrix(values.map((v) => new Array<number>(n).fill(v)));
    const [probabilities, logs] = await evaluate(
      [z],
      [ops.softmax(z.variable, 3), ops.logSoftmax(z.variable, 3)],
    );
    for (const p of probabilities!) expect(p).toBe(Math.fround(1 / n));
    for (const log of logs!) expect(Math.abs(log + Math.log(n))).toBeLessThanOrEqual(3e-7);
  });

  test('one class: probability 1, logarithm 0, loss 0, gradient 0', async () => {
    const z = matrix([[5], [-1e30], [0]]);
    const soft = matrix([[1], [1], [1]]);
    const loss = ops.kdLoss(z.variable, { soft: soft.variable, temperature: 20 });
    const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
    const [p, log, l, g] = await evaluate(
      [z, soft],
      [ops.softmax(z.variable), ops.logSoftmax(z.variable), loss, gradient!],
    );
    expect(p).toEqual([1, 1, 1]);
    for (const zeros of [log, l, g]) expect(zeros!.map(Math.abs)).toEqual([0, 0, 0]);
  });

  test('a logit of −∞ has probability 0; the others share the rest', async () => {
    for (const n of [2, 3, 4, 5, 9]) {
      const z = matrix([[...new Array<number>(n - 1).fill(1), -Infinity]]);
      const [p, log] = await evaluate([z], [ops.softmax(z.variable), ops.logSoftmax(z.variable)]);
      expect(p!.slice(0, -1)).toEqual(new Array(n - 1).fill(Math.fround(1 / (n - 1))));
      expect(p!.at(-1)).toBe(0);
      expect(log!.at(-1)).toBe(-Infinity);
      expect(Math.abs(log![0]! + Math.log(n - 1))).toBeLessThanOrEqual(3e-7);
    }
  });

  test('a logit of +∞, and nothing but −∞, have no softmax: NaN, as in PyTorch', async () => {
    const z = matrix([
      [1, Infinity, 2, 3, 4],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [1, 2, 3, 4, 5],
    ]);
    const [p, log] = await evaluate([z], [ops.softmax(z.variable), ops.logSoftmax(z.variable)]);
    expect(Number.isNaN(p![1])).toBe(true);
    expect(log!.slice(0, 5).some(Number.isNaN)).toBe(true);
    for (const values of [p!, log!]) {
      expect(values.slice(5, 10)).toEqual(new Array(5).fill(NaN));
      expect(values.slice(10).every(Number.isFinite)).toBe(true);
    }
  });

  test('logits as far apart as floats go neither overflow nor become NaN', async () => {
    const greatest = 3.4028234663852886e38;
    const z = matrix([
      [greatest, -greatest, 0, 1, greatest],
      [-greatest, -greatest, -greatest, -greatest, greatest],
    ]);
    const [p] = await evaluate([z], [ops.softmax(z.variable)]);
    expect(p).toEqual([0.5, 0, 0, 0, 0.5, 0, 0, 0, 0, 1]);
  });
});

describe('the loss at its ends', () => {
  test('a logit of −∞ costs nothing where its target is 0, and everything where it is not', async () => {
    const z = matrix([
      [1, -Infinity, 2],
      [1, -Infinity, 2],
    ]);
    const labels = labeled([0, 1]);
    const soft = matrix([
      [0.5, 0, 0.5],
      [0.25, 0.5, 0.25],
    ]);
    const hard = ops.kdLoss(z.variable, { labels: labels.variable });
    const softly = ops.kdLoss(z.variable, { soft: soft.variable });
    const slopes = [hard, softly].map((loss) => gradients(ops.sumTo(loss, []), [z.variable])[0]!);
    const [h, s, gh, gs] = await evaluate([z, labels, soft], [hard, softly, ...slopes]);
    const log = Math.log(Math.exp(1) + Math.exp(2));
    expect(Math.abs(h![0]! - (log - 1))).toBeLessThan(1e-6);
    expect(Math.abs(s![0]! - (log - 1.5))).toBeLessThan(1e-6);
    expect([h![1], s![1]]).toEqual([Infinity, Infinity]);
    expect([gh![1], gh![4], gs![1], gs![4]]).toEqual([0, -1, 0, -0.5]);
  });

  test('a logit of +∞ gives NaN, in the loss and in the gradient of its class', async () => {
    const z = matrix([
      [1, Infinity, 2],
      [1, 0, 2],
    ]);
    const labels = labeled([1, 1]);
    const loss = ops.kdLoss(z.variable, { labels: labels.variable });
    const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
    const [l, g] = await evaluate([z, labels], [loss, gradient!]);
    expect(l!.map(Number.isNaN)).toEqual([true, false]);
    expect(Number.isNaN(g![1])).toBe(true);
    expect(g!.slice(3).every(Number.isFinite)).toBe(true);
  });

  test('a label that is no class counts as none, as −1 does', async () => {
    const classes = 5;
    const outside = [-1, -2, classes, classes + 1, 1000, 2 ** 31 - 1, -(2 ** 31)];
    const z = matrix(outside.map((_, r) => [1, r, 3, -r, 0.5]));
    const soft = matrix(outside.map(() => [0.1, 0.2, 0.3, 0.15, 0.25]));
    const results: number[][][] = [];
    for (const labels of [labeled(outside), labeled(outside.map(() => -1))]) {
      const hard = ops.kdLoss(z.variable, { labels: labels.variable });
      const both = ops.kdLoss(z.variable, { soft: soft.variable, labels: labels.variable });
      const slopes = [hard, both].map((loss) => gradients(ops.sumTo(loss, []), [z.variable])[0]!);
      const rows = ops.oneHot(labels.variable, classes);
      results.push(await evaluate([z, soft, labels], [hard, ...slopes, both, rows]));
    }
    expect(results[0]).toEqual(results[1]);
    const [hard, slope, , both, rows] = results[0]!;
    for (const zeros of [hard, slope, rows]) expect(zeros!.every((v) => v === 0)).toBe(true);
    expect(both!.every((v) => v > 0)).toBe(true);
  });

  test.each([1, 4, 20])(
    'unlabeled samples at T = %i: Σt is not 1, loss and gradient are by definition',
    async (T) => {
      const [rows, classes, alpha, beta] = [8, 7, 0.3, 0.7];
      const number = (i: number) => Math.fround(3 * Math.sin(12.9898 * (i + 1)));
      const table = (f: (r: number, c: number) => number) =>
        Array.from({ length: rows }, (_, r) => Array.from({ length: classes }, (_, c) => f(r, c)));
      const logits = table((r, c) => number(r * classes + c));
      // Soft targets that don't sum to 1 either in the last rows.
      const targets = table((r, c) => Math.fround((Math.abs(number(100 + r + c)) * (r < 6 ? 1 : 3)) / 20));
      const hard = [0, -1, 3, -1, 6, -1, -1, 2];
      const up = [1, 0.5, 2, 3, 0, -1, 0.25, 1.5];
      const [z, soft, labels, weights] = [matrix(logits), matrix(targets), labeled(hard), row(up)];
      const loss = ops.kdLoss(z.variable, {
        soft: soft.variable,
        labels: labels.variable,
        temperature: T,
        alpha,
        beta,
      });
      const weighted = ops.sumTo(ops.multiply(loss, weights.variable), []);
      const [losses, slopes] = await evaluate(
        [z, soft, labels, weights],
        [loss, ...gradients(weighted, [z.variable])],
      );
      const sums = new Set<string>();
      for (let r = 0; r < rows; r++) {
        const t = targets[r]!.map((v, c) => beta * v + (hard[r] === c ? alpha : 0));
        const total = t.reduce((a, b) => a + b, 0);
        sums.add(total.toFixed(3));
        const exps = logits[r]!.map((v) => Math.exp(v / T));
        const sum = exps.reduce((a, b) => a + b, 0);
        const expected = t.reduce((l, v, c) => l - v * Math.log(exps[c]! / sum), 0);
        expect(Math.abs(losses![r]! - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, expected));
        for (let c = 0; c < classes; c++) {
          const slope = (up[r]! * ((total * exps[c]!) / sum - t[c]!)) / T;
          expect(Math.abs(slopes![r * classes + c]! - slope)).toBeLessThanOrEqual((5e-7 * total) / T);
        }
      }
      // Not one of the rows has Σt = 1: rescaling to it would have shown.
      expect(sums.size).toBe(rows);
      expect(sums.has('1.000')).toBe(false);
    },
  );

  test('only unlabeled samples and no soft targets: loss and gradient are exactly 0', async () => {
    const z = matrix([
      [1, 2, 3, 4, 5],
      [1e30, -1e30, 0, 0, 0],
    ]);
    const labels = labeled([-1, -1]);
    const loss = ops.kdLoss(z.variable, { labels: labels.variable, temperature: 2 });
    const [gradient] = gradients(ops.sumTo(loss, []), [z.variable]);
    const [l, g] = await evaluate([z, labels], [loss, gradient!]);
    expect([...l!, ...g!].every((v) => v === 0)).toBe(true);
    expect(g).toHaveLength(10);
  });

  test.each([0, -1, NaN, Infinity])('a temperature of %d is refused', (temperature) => {
    const z = variable('z', [2, 3]);
    const soft = variable('soft', [2, 3]);
    expect(() => ops.softmax(z, temperature)).toThrow(/temperature/);
    expect(() => ops.logSoftmax(z, temperature)).toThrow(/temperature/);
    expect(() => ops.kdLoss(z, { soft, temperature })).toThrow(/temperature/);
  });
});
