import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { combine, type Opinion } from 'wasm-distill/ensemble';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

const SIZE = 23;
const CLASSES = 6;
const singletons = Array.from({ length: CLASSES }, (_, c) => [c]);

/** Random distributions, some of them peaked: [size, outputs]. */
function distributions(outputs: number, seed: number): Float32Array {
  let state = seed * 7919 + 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const result = new Float32Array(SIZE * outputs);
  for (let i = 0; i < SIZE; i++) {
    const raw = Array.from({ length: outputs }, () => random() ** (1 + (i % 8)) + 1e-4);
    const total = raw.reduce((a, b) => a + b);
    result.set(
      raw.map((v) => v / total),
      i * outputs,
    );
  }
  return result;
}

const generalist = distributions(CLASSES, 1);
const full = (seed: number, asked?: Uint8Array): Opinion => ({
  groups: singletons,
  probabilities: distributions(CLASSES, seed),
  ...(asked && { asked }),
});
const everyThird = Uint8Array.from({ length: SIZE }, (_, i) => Number(i % 3 === 0));

describe('models of all classes: the answer is known', () => {
  const others = [full(2), full(3, everyThird)];
  const asked = (i: number) => [
    generalist,
    ...others.slice(0, i % 3 === 0 ? 2 : 1).map((o) => o.probabilities),
  ];
  const rows = (mean: (values: number[]) => number): number[] =>
    Array.from({ length: SIZE }, (_, i) => {
      const row = singletons.map((_, c) => mean(asked(i).map((p) => p[i * CLASSES + c]!)));
      return row.map((v) => v / row.reduce((a, b) => a + b));
    }).flat();

  test('Σ KL(p, q): the arithmetic mean', async () => {
    expectClose(
      await combine(engine, generalist, others, { classes: CLASSES }),
      rows((values) => values.reduce((a, b) => a + b) / values.length),
    );
  });

  test('Σ KL(q, p): the geometric mean', async () => {
    expectClose(
      await combine(engine, generalist, others, { classes: CLASSES, divergence: 'reverse' }),
      rows((values) => values.reduce((a, b) => a * b) ** (1 / values.length)),
    );
  });
});

describe('specialists with a dustbin', () => {
  // Special classes 1 and 4; its last output is all others.
  const groups = [[1], [4], [0, 2, 3, 5]];

  test('one: its classes are averaged, the others share what the dustbin leaves as the generalist has them', async () => {
    const probabilities = distributions(3, 5);
    const q = await combine(engine, generalist, [{ groups, probabilities }], { classes: CLASSES });
    const expected = Array.from({ length: SIZE }, (_, i) => {
      const g = generalist.subarray(i * CLASSES, (i + 1) * CLASSES);
      const m = probabilities.subarray(i * 3, (i + 1) * 3);
      const rest = g[0]! + g[2]! + g[3]! + g[5]!;
      return [...g].map((v, c) => {
        const special = [1, 4].indexOf(c);
        return special >= 0 ? (v + m[special]!) / 2 : ((v / rest) * (rest + m[2]!)) / 2;
      });
    });
    expectClose(q, expected.flat());
  });

  test.each(['forward', 'reverse'] as const)(
    'several that overlap, %s: no distribution nearby has a smaller sum of divergences',
    async (divergence) => {
      const specialists: Opinion[] = [
        { groups, probabilities: distributions(3, 6) },
        { groups: [[0], [1], [2], [3, 4, 5]], probabilities: distributions(4, 7), asked: everyThird },
      ];
      const q = await combine(engine, generalist, specialists, { classes: CLASSES, divergence, steps: 300 });
      const whole: Opinion = { groups: singletons, probabilities: generalist };
      for (let i = 0; i < SIZE; i++) {
        const asked = [whole, ...specialists].filter((o) => o.asked?.[i] !== 0);
        const row = [...q.subarray(i * CLASSES, (i + 1) * CLASSES)];
        const least = divergences(row, asked, i, divergence);
        for (const [from, to] of singletons.flatMap(([a]) => singletons.map(([b]) => [a!, b!] as const))) {
          const moved = row.map((v, c) => (c === to ? v + row[from]! * 0.05 : v));
          moved[from] = moved[from]! - row[from]! * 0.05;
          expect(divergences(moved, asked, i, divergence)).toBeGreaterThan(least - 1e-6);
        }
      }
    },
  );

  test('where none is asked the generalist’s word stands', async () => {
    const asked = new Uint8Array(SIZE);
    const specialist = { groups, probabilities: distributions(3, 6), asked };
    expectClose(await combine(engine, generalist, [specialist], { classes: CLASSES }), [...generalist]);
  });

  test('certainty and impossibility don’t upset it', async () => {
    const certain = Float32Array.from({ length: SIZE * CLASSES }, (_, i) => Number(i % CLASSES === 1));
    const against = Float32Array.from({ length: SIZE * 3 }, (_, i) => Number(i % 3 === 2));
    const q = await combine(engine, certain, [{ groups, probabilities: against }], { classes: CLASSES });
    expect(q.every((v) => Number.isFinite(v))).toBe(true);
    for (let i = 0; i < SIZE; i++) expect(q[i * CLASSES + 1]).toBeCloseTo(0.5, 1);
  });

  test('the same bits with 1, 2 and 3 threads', async () => {
    const results: Float32Array[] = [];
    for (const threads of [1, 2, 3]) {
      await using other = await createEngine({ threads });
      const specialist = { groups, probabilities: distributions(3, 6), asked: everyThird };
      results.push(await combine(other, generalist, [specialist, full(2)], { classes: CLASSES }));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

test('opinions that don’t fit are refused', async () => {
  const probabilities = distributions(3, 5);
  const cases: [Opinion, RegExp][] = [
    [{ groups: [[1], [4], [0, 2, 3]], probabilities }, /stand for each of the 6 classes once/],
    [{ groups: [[1], [1, 4], [0, 2, 3, 5]], probabilities }, /stand for each of the 6 classes once/],
    [
      { groups: [[1], [4], [0, 2, 3, 5]], probabilities: probabilities.subarray(3) },
      /66 probabilities, but 23/,
    ],
    [{ groups: [[1], [4], [0, 2, 3, 5]], probabilities, asked: new Uint8Array(2) }, /of 2 samples/],
    [{ groups: [[1], [4], [0, 2, 3, 5]], probabilities: probabilities.map(() => Number.NaN) }, /is NaN/],
  ];
  for (const [opinion, message] of cases)
    await expect(combine(engine, generalist, [opinion], { classes: CLASSES })).rejects.toThrow(message);
  const signal = AbortSignal.abort();
  await expect(combine(engine, generalist, [], { classes: CLASSES, signal })).rejects.toMatchObject({
    code: 'aborted',
  });
});

function divergences(
  q: readonly number[],
  opinions: readonly Opinion[],
  sample: number,
  direction: 'forward' | 'reverse',
): number {
  return opinions.reduce((sum, { groups, probabilities }) => {
    const r = groups.map((group) => group.reduce((share, c) => share + q[c]!, 0));
    return r.reduce((total, share, j) => {
      const p = probabilities[sample * groups.length + j]!;
      return total + (direction === 'forward' ? p * Math.log(p / share) : share * Math.log(share / p));
    }, sum);
  }, 0);
}

function expectClose(got: Float32Array, expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  const worst = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]!)), 0);
  expect(worst).toBeLessThan(1e-5);
}
