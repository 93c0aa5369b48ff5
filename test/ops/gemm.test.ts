import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { gradients, ops, variable } from 'wasm-distill/graph';
import { compile, type Program } from '#library/backends/wasm/program.js';
import { allTransposes, build, type Case, check, type Extra, run, shuffled } from '../support/products.ts';

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3, 5].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

describe('the product against float64', () => {
  test('every size from 1 to 70 as m, as n and as k', async () => {
    const cases: Case[] = [];
    for (let round = 0; round < 4; round++) {
      const [ms, ns, ks] = [1, 2, 3].map((i) => shuffled(70, 10 * round + i));
      for (let i = 0; i < 70; i++) cases.push(...allTransposes(ms![i]!, ns![i]!, ks![i]!));
    }
    for (const values of [cases.map(({ m }) => m), cases.map(({ n }) => n), cases.map(({ k }) => k)])
      expect(new Set(values).size).toBe(70);
    expect(await check(engines[1]!, cases)).toEqual({ failures: [], checked: cases.length });
  });

  test('one row, one column, depth 1', async () => {
    const cases: Case[] = [];
    for (const size of [1, 2, 3, 4, 5, 11, 12, 13, 23, 24, 25, 61, 96, 100]) {
      cases.push(...allTransposes(1, size, 13), ...allTransposes(size, 1, 14), ...allTransposes(7, size, 1));
      cases.push(...allTransposes(1, size, 1), ...allTransposes(1, 1, size));
    }
    expect(await check(engines[1]!, cases)).toEqual({ failures: [], checked: cases.length });
  });

  test('several blocks of k', async () => {
    const cases: Case[] = [];
    for (const k of [399, 400, 401, 402, 403, 799, 800, 801, 1203]) {
      for (const [m, n] of [
        [1, 1],
        [1, 30],
        [5, 13],
        [4, 24],
        [8, 3],
        [3, 99],
      ])
        cases.push(...allTransposes(m!, n!, k));
    }
    expect(await check(engines[1]!, cases)).toEqual({ failures: [], checked: cases.length });
  });

  test('so many columns that they, not rows, are divided among threads', async () => {
    const cases: Case[] = [];
    for (const n of [84, 85, 95, 96, 97, 98, 99, 131, 200]) {
      for (const m of [1, 2, 3, 4, 31, 100]) cases.push(...allTransposes(m, n, 9));
    }
    expect(await check(engines[1]!, cases)).toEqual({ failures: [], checked: cases.length });
  });
});

test('more rows than are packed at a time, or than a panel serves', async () => {
  const cases = [401, 1325].flatMap((m) =>
    [17, 61].flatMap((n) => [33, 403].flatMap((k) => allTransposes(m, n, k))),
  );
  expect(await check(engines[0]!, cases, 200)).toEqual({ failures: [], checked: cases.length });
});

test('depths that fill no whole turn of the micro-kernel see nothing of what the scratch held before', async () => {
  const depths = [1, 3, 4, 7, 12, 100, 204, 396];
  const poison = build([{ m: 3, n: 60, k: 400, transposeA: false, transposeB: false, extras: [] }]).built[0]!;
  const cases = depths.flatMap((k) => allTransposes(5, 60, k));
  const { built } = build(cases);
  const plans = [poison, ...built].map(({ c, value }, i) => [`${i}`, [ops.assign(c, value)]] as const);
  await using one = await createEngine({ threads: 1 });
  const session = await one.load(Object.fromEntries(plans));
  await session.write(poison.b, new Float32Array(400 * 60).fill(Number.NaN));
  for (const [i, { name, c }] of built.entries()) {
    await session.run('0');
    await session.run(`${i + 1}`);
    expect([name, (await session.read(c)).every((value) => value === 0)]).toEqual([name, true]);
  }
  await session.close();
});

describe('fused forms', () => {
  const combinations: Extra[][] = [
    ['bias'],
    ['relu'],
    ['mask'],
    ['bias', 'relu'],
    ['bias', 'mask'],
    ['relu', 'mask'],
    ['bias', 'relu', 'mask'],
  ];

  test.each(combinations.map((extras) => ({ extras, what: extras.join(', ') })))(
    '$what',
    async ({ extras }) => {
      const sizes = [
        [1, 1, 1],
        [1, 37, 21],
        [5, 17, 33],
        [3, 12, 8],
        [7, 101, 3],
        [4, 130, 401],
        [50, 10, 802],
        [65, 66, 67],
      ] as const;
      const cases = sizes.flatMap(([m, n, k]) => allTransposes(m, n, k, extras));
      expect(await check(engines[1]!, cases)).toEqual({ failures: [], checked: cases.length });
    },
  );

  /** Opcodes of a plan without the copies into variables. */
  function computing(program: Program): string[][] {
    return [...program.plans.values()].map(({ instructions }) =>
      instructions.map(({ opcode }) => opcode).filter((opcode) => opcode !== 'copy'),
    );
  }

  test('each is one instruction', () => {
    const cases = combinations.flatMap((extras) => allTransposes(5, 17, 33, extras));
    expect(computing(compile(build(cases).plans))).toEqual(cases.map(() => ['matmul']));
  });

  test('a dense layer with ReLU is one instruction, and so is the gradient through a ReLU', () => {
    const [x, w, b, w2] = [
      variable('x', [5, 33]),
      variable('w', [33, 17]),
      variable('b', [17]),
      variable('w2', [17, 6]),
    ];
    const hidden = ops.relu(ops.dense(x, w, b));
    const [toW] = gradients(ops.sumTo(ops.square(ops.matmul(hidden, w2)), []), [w]);
    const program = compile({
      forward: [ops.assign(variable('y', [5, 17]), hidden)],
      backward: [ops.assign(variable('g', [33, 17]), toW!)],
    });
    expect(computing(program)[0]).toEqual(['matmul']);
    const products = program.plans.get('backward')!.instructions.filter(({ opcode }) => opcode === 'matmul');
    expect(
      products.map(({ fields: { bias, relu, mask } }) => [bias === b, relu, mask !== undefined]),
    ).toEqual([
      [true, 1, false],
      [false, 0, false],
      [false, 0, true],
      [false, 0, false],
    ]);
  });
});

describe('sizes of real networks', () => {
  test.each([
    ['784 → 1200 forward', 128, 1200, 784, false, false, ['bias', 'relu']],
    ['1200 → 1200 forward', 128, 1200, 1200, false, false, ['bias', 'relu']],
    ['1200 → 10 forward', 128, 10, 1200, false, false, ['bias']],
    ['784 → 1200, gradient of the weights', 784, 1200, 128, true, false, []],
    ['1200 → 1200, gradient of the weights', 1200, 1200, 128, true, false, []],
    ['1200 → 10, gradient of the weights', 1200, 10, 128, true, false, []],
    ['1200 → 1200, gradient of the input', 128, 1200, 1200, false, true, ['mask']],
    ['1200 → 10, gradient of the input', 128, 1200, 10, false, true, ['mask']],
    ['one sample, 784 → 1200', 1, 1200, 784, false, false, ['bias', 'relu']],
    ['one sample, 1200 → 10', 1, 10, 1200, false, false, ['bias']],
  ] as const)('%s: %i x %i, depth %i', async (_, m, n, k, transposeA, transposeB, extras) => {
    const cases = [{ m, n, k, transposeA, transposeB, extras }];
    expect(await check(engines[1]!, cases, 3000)).toEqual({ failures: [], checked: 1 });
  });
});

describe('the same bits with 1, 2, 3 and 5 threads', () => {
  test('plain and fused products', async () => {
    const cases: Case[] = [];
    for (const [m, n, k] of [
      [1, 1, 1],
      [1, 200, 41],
      [2, 85, 7],
      [4, 12, 401],
      [13, 29, 31],
      [37, 5, 70],
      [100, 10, 64],
      [70, 131, 801],
      [128, 300, 128],
    ])
      cases.push(...allTransposes(m!, n!, k!), ...allTransposes(m!, n!, k!, ['bias', 'relu', 'mask']));
    const bits: Buffer[] = [];
    for (const engine of engines) bits.push(Buffer.concat(await run(engine, build(cases))));
    expect(bits[0]!.length).toBe(4 * cases.reduce((total, { m, n }) => total + m * n, 0));
    expect(bits[0]!.some((byte) => byte !== 0)).toBe(true);
    for (const other of bits.slice(1)) expect(Buffer.compare(other, bits[0]!)).toBe(0);
  });
});
