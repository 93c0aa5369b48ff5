import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEngine, DistillError, type Engine } from 'wasm-distill';
import { type GpuEngine, ops, type Plans, variable } from 'wasm-distill/graph';
import { compareEngines } from '#library/backends/compare/compare.js';
import { drawn } from '#library/backends/compare/values.js';
import { referenceEngine } from '#library/backends/reference/engine.js';
import { apply } from '#library/graph/apply.js';
import type { NodeName, OpName } from '#library/graph/names.js';
import { operators } from '#library/ops/index.js';
import { CHECKED, plansOf } from '../../../cli/gpu/plans.ts';
import { SMALL } from '../../support/checked.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

let wasm: Engine;
beforeAll(async () => {
  wasm = await createEngine({ threads: 1 });
});
afterAll(() => wasm.close());

describe('on a GPU', () => {
  let gpu: GpuEngine;
  beforeAll(async () => {
    gpu = await gpuEngine();
  });
  afterAll(() => gpu.close());

  test.each(Object.keys(SMALL))('the step of %s is within tolerance', async (name) => {
    const found = await gpu.compare(plansOf({ [name]: SMALL[name]! }));
    expect(found.first).toBeUndefined();
    expect(found).toMatchObject({ ok: true, adapter: expect.stringContaining('SwiftShader') });
    const names = new Set(found.operators.map(({ operator }) => operator));
    for (const op of ['gatherImages', 'matmul', 'kdLossGradient', 'stepWrite'] as const)
      expect(names).toContain(op);
    expect(found.plans.map(({ target }) => target)).toContain('losses');
    // Were the GPU's results wasm's own, no bit of any would differ.
    if (name !== 'perceptron') expect(found.operators.some(({ worst }) => worst > 0)).toBe(true);
  });
});

/** An engine whose results of one operator are off by a thousandth: those of plans that `among` says. */
function corrupted(op: NodeName | 'sgd', among: (plan: string) => boolean = () => true): Engine {
  return {
    ...referenceEngine(),
    report: () => wasm.report(),
    async load(plans: Plans) {
      const wrong = new Set(
        Object.entries(plans)
          .filter(([name]) => among(name))
          .flatMap(([, effects]) => effects)
          .filter(({ effect, inputs }) => (effect === 'assign' ? inputs[0]!.op : effect) === op)
          .map(({ targets }) => targets[0]!),
      );
      const session = await wasm.load(plans);
      const read = session.read.bind(session);
      return Object.assign(session, {
        read: async (from: Parameters<typeof read>[0]) => {
          const values = await read(from);
          return wrong.has(from) ? values.map((v) => v + 0.001 * (1 + Math.abs(v))) : values;
        },
      }) as Awaited<ReturnType<Engine['load']>>;
    },
  };
}

test.each<NodeName>(['softmax', 'matmul', 'maxPool', 'dropout'])(
  'a %s that is wrong is named, and what follows it is not',
  async (op) => {
    const network = '6x6x1 conv4 pool sep6 drop.5 dense3';
    const plans = plansOf({ job: { ...SMALL.distilled!, network } });
    const { first, ok, operators, plans: whole } = await compareEngines(corrupted(op), wasm, plans);
    expect(ok).toBe(false);
    expect(first).toMatchObject({ plan: 'job', operator: op, ok: false });
    expect(first!.worst).toBeGreaterThan(first!.tolerance);
    for (const row of operators) expect([row.operator, row.ok]).toEqual([row.operator, row.operator !== op]);
    expect(whole.every((row) => row.ok)).toBe(true);
  },
);

test('a plan that is wrong as a whole only is named by what it writes', async () => {
  const engine = corrupted('sgd', (plan) => plan === 'job');
  const { first, operators } = await compareEngines(engine, wasm, plansOf({ job: SMALL.perceptron! }));
  expect(operators.every(({ ok }) => ok)).toBe(true);
  expect(first).toMatchObject({ plan: 'job', operator: 'plan', target: '0.weight', shape: [36, 7] });
});

test('tolerances are such that float64 is within those of sums and functions, whatever the shape', async () => {
  const outside = new Set<OpName>();
  for (const op of Object.keys(operators) as OpName[]) {
    const { ok, operators: rows } = await compareEngines(referenceEngine(), wasm, casesOf(op));
    expect(rows.length).toBeGreaterThan(0);
    if (!ok) outside.add(op);
  }
  // Exact as a draw, but of 1 / (1 − rate), by which it scales, the reference rounds nothing.
  expect([...outside]).toEqual(['dropout']);
});

function casesOf<K extends OpName>(op: K): Plans {
  return Object.fromEntries(
    operators[op].cases().map(({ inputs, attributes }, i) => {
      const variables = inputs.map(({ shape, dtype = 'f32' }, n) => variable(`input ${n}`, shape, dtype));
      const node = apply(operators[op].rule, variables, attributes);
      const effects = [ops.assign(variable('result', node.shape, node.dtype), node)];
      // What reads no variable begins runs, and isn't compared.
      if (inputs.length === 0) effects.push(ops.assign(variable('copy', [1]), variable('original', [1])));
      return [`case ${i}`, effects];
    }),
  );
}

test('values are those that are given', async () => {
  const x = variable('x', [3]);
  const y = variable('y', [3]);
  const plans = { run: [ops.assign(y, ops.log(x))] };
  const values = new Map([[x, Float32Array.of(1, 2, 3)]]);
  expect(await compareEngines(wasm, wasm, plans, { values })).toMatchObject({ ok: true });
  const negative = new Map([[x, Float32Array.of(1, -2, 3)]]);
  await expect(compareEngines(wasm, wasm, plans, { values: negative })).rejects.toThrow(
    'compare: unary [3] of plan run is NaN in wasm, too: give values that it can be computed from',
  );
});

test('rows are written where there are some, and compared', async () => {
  const rows = variable('rows', [17], 'i32');
  const value = variable('value', [17, 3]);
  const plans = { run: [ops.writeRows(variable('y', [3, 3]), rows, value)] };
  for (const row of drawn(plans, [rows], 1).get(rows)!) expect([0, 1, 2]).toContain(row);
  const found = await compareEngines(referenceEngine(), wasm, plans);
  expect(found).toMatchObject({ ok: true, operators: [{ operator: 'rowsWrite', worst: 0 }] });
});

test('bad input is refused', async () => {
  const x = variable('x', [3]);
  const plans = { run: [ops.assign(x, ops.shift(x, 1))] };
  const call = (...given: unknown[]) =>
    (compareEngines as (...given: unknown[]) => Promise<unknown>)(wasm, wasm, ...given);
  const wrong: [unknown[], string][] = [
    [[], 'plans must be'],
    [[plans, { steps: 3 }], 'compare has no option steps: there are values, seed, step, signal'],
    [[plans, { seed: -1 }], 'the seed must be'],
    [[plans, { step: 0.5 }], 'step must be a whole number'],
    [[plans, { values: [1] }], 'the values must be a Map of arrays by their variables, not an array of 1'],
    [[plans, { values: new Map([[x, new Float32Array(2)]]) }], 'x [3] takes'],
  ];
  for (const [given, sentence] of wrong) await expect(call(...given)).rejects.toThrow(sentence);
  const stopped = call(plans, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await expect(stopped).rejects.toBeInstanceOf(DistillError);
});

test('what is checked by the command has plans of all kinds', () => {
  expect(Object.keys(CHECKED)).toEqual(Object.keys(SMALL));
});
