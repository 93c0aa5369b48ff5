import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEngine, type Engine, mlp } from 'wasm-distill';
import { type Effect, gradients, network, ops, type Variable, variable } from 'wasm-distill/graph';
import { referenceEngine } from '#library/backends/reference/engine.js';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

let engine: Engine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.close());

const STEPS = 10;
const BATCH = 5;

/** A step of a perceptron on labels, with clipping, momentum and a limit on norms; and what it begins with. */
function training() {
  const { forward, trained } = network(mlp([6, 7, 3]));
  const parameters = trained.map((parameter) => parameter.variable);
  const x = variable('x', [STEPS, BATCH, 6]);
  const labels = variable('labels', [STEPS, BATCH], 'i32');
  const losses = variable('losses', [STEPS]);
  const loss = ops.mean(ops.kdLoss(forward(ops.atStep(x), 'train').logits, { labels: ops.atStep(labels) }));
  const slopes = gradients(loss, parameters);
  const factor = ops.divide(ops.fill(1, []), ops.add(ops.fill(1, []), ops.sqrt(ops.sumOfSquares(slopes))));
  const rates = variable('rates', [1]);
  const step: Effect[] = parameters.map((w, i) =>
    ops.sgdUpdate(w, {
      velocity: variable(`${w.name}.v`, w.shape),
      gradient: slopes[i]!,
      rate: ops.atStep(rates),
      factor,
      momentum: 0.9,
      decay: 1e-3,
      nesterov: true,
    }),
  );
  step.push(ops.maxNormLimit(parameters[0]!, 1.5), ops.writeAtStep(losses, loss, { guard: true }));
  const begin = parameters.map((w, index) =>
    ops.assign(w, ops.normal(w.shape, { deviation: 0.5, stream: { kind: 'user', index } })),
  );
  return { plans: { begin, step }, parameters, inputs: { x, labels, rates }, losses };
}

type Training = ReturnType<typeof training>;

async function begun(of: Engine, { plans, inputs: { x, labels, rates } }: Training) {
  const session = await of.load(plans);
  await session.write(
    x,
    Float32Array.from({ length: STEPS * BATCH * 6 }, (_, i) => Math.sin(i * 1.7)),
  );
  await session.write(
    labels,
    Int32Array.from({ length: STEPS * BATCH }, (_, i) => (i * 7) % 3),
  );
  await session.write(rates, Float32Array.of(0.2));
  await session.run('begin', { seed: 3 });
  return session;
}

function expectClose(got: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected[i]!)));
  });
}

test('a training takes the steps that the reference takes', async () => {
  const job = training();
  const { parameters, losses } = job;
  await using wasm = await createEngine({ threads: 1 });
  const [on, reference, kernels] = [
    await begun(engine, job),
    await begun(referenceEngine(), job),
    await begun(wasm, job),
  ];
  // Runs begin alike: initial weights are those of wasm to the last bit.
  for (const w of parameters) {
    const start = await kernels.read(w);
    expect(await on.read(w)).toEqual(start);
    await reference.write(w, start);
  }
  expect(await on.run('step', { steps: STEPS })).toBe(STEPS);
  await reference.run('step', { steps: STEPS });
  expectClose(await on.read(losses), await reference.read(losses), 1e-5);
  for (const w of parameters) expectClose(await on.read(w), await reference.read(w), 1e-5);
  await on.close();
});

test('one dispatch updates all weights', () => {
  const { plans } = training();
  const updates = engine.explain(plans).match(/^ {2}sgd /gm);
  expect(updates).toHaveLength(1);
});

test('runs in parts are the same run, and nothing is made after loading', async () => {
  const job = training();
  const session = await begun(engine, job);
  const { device } = (engine as unknown as { gpu: { device: GPUDevice } }).gpu;
  const makers = [
    'createBuffer',
    'createBindGroup',
    'createComputePipeline',
    'createComputePipelineAsync',
  ] as const;
  const made = makers.map((name) => vi.spyOn(device, name));
  const told: number[] = [];
  await session.run('step', { steps: 4, onStep: (step) => told.push(step) });
  await session.run('step', { from: 4, steps: STEPS - 4 });
  const inParts = await session.read(job.losses);
  for (const maker of made) expect(maker).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  expect(told.at(-1)).toBe(4);
  await session.close();

  const whole = await begun(engine, job);
  await whole.run('step', { steps: STEPS });
  expect(await whole.read(job.losses)).toEqual(inParts);
  await whole.close();
});

test('a guarded value that is not finite ends the run after its step', async () => {
  const n = variable('n', [1]);
  const log = variable('log', [8, 1]);
  const numbers = variable('numbers', [8, 1]);
  const grown = ops.add(n, ops.fill(1, [1]));
  const plans = {
    step: [ops.assign(n, grown), ops.writeAtStep(log, ops.atStep(numbers), { guard: true })],
  };
  const session = await engine.load(plans);
  await session.write(numbers, Float32Array.of(1, 2, 3, Number.NaN, 5, 6, 7, 8));
  expect(await session.run('step', { steps: 8 })).toBe(4);
  expect([...(await session.read(n))]).toEqual([4]);
  expect(await session.run('step', { from: 4, steps: 4 })).toBe(8);
  expect([...(await session.read(n))]).toEqual([8]);
  await session.close();
});

test('random numbers in the middle of a plan are those of wasm', async () => {
  const ones = variable('ones', [1001]);
  const out = [variable('uniform', [1001]), variable('normal', [1001])];
  const stream = { kind: 'user', index: 4 } as const;
  const shape = [1001];
  const plans = {
    run: [
      ops.assign(out[0]!, ops.multiply(ones, ops.uniform(shape, { bound: 0.5, stream }))),
      ops.assign(out[1]!, ops.multiply(ones, ops.normal(shape, { deviation: 0.5, stream }))),
    ],
  };
  await using wasm = await createEngine({ threads: 1 });
  const results = [];
  for (const each of [engine, wasm]) {
    const session = await each.load(plans);
    await session.write(ones, new Float32Array(1001).fill(1));
    await session.run('run', { from: 2, seed: 0xffffffff });
    results.push([await session.read(out[0]!), await session.read(out[1]!)] as const);
    await session.close();
  }
  const [[uniform, normal], [uniformThere, normalThere]] = results as [
    readonly [Float32Array, Float32Array],
    readonly [Float32Array, Float32Array],
  ];
  expect(uniform).toEqual(uniformThere);
  expectClose(normal, normalThere, 1e-6);
});

test('says what it is', async () => {
  expect(engine.report()).toMatchObject({ backend: 'webgpu', bits: 'this device', equalDraws: true });
  expect(engine.report().adapter).toContain('SwiftShader');
  expect(await engine.identity()).toMatchObject({ backend: 'webgpu' });
});

test('bad input is told as by wasm', async () => {
  const x = variable('x', [3]);
  const y = variable('y', [3]);
  const session = await engine.load({ run: [ops.assign(y, ops.scale(x, 2))] });
  expect(() => session.write(x, new Float32Array(4))).toThrow('x [3] takes 12 bytes, not 16');
  expect(() => session.write(x, new Int32Array(3) as never)).toThrow(
    'x [3] takes Float32Array, not Int32Array',
  );
  expect(() => session.write(variable('z', [3]), new Float32Array(3))).toThrow(
    'no plan of this program uses z',
  );
  await expect(session.run('other')).rejects.toMatchObject({ code: 'bad-argument' });
  await session.close();
  await expect(session.run('run')).rejects.toThrow('the session is closed');
});

test('a lost GPU ends runs with a sentence', async () => {
  const other = await gpuEngine();
  const x: Variable<'f32'> = variable('x', [3]);
  const session = await other.load({ run: [ops.assign(x, ops.shift(x, 1))] });
  (other as unknown as { gpu: { device: GPUDevice } }).gpu.device.destroy();
  await expect(session.run('run', { steps: 1000 })).rejects.toMatchObject({
    code: 'worker',
    message: expect.stringContaining('go on from the last checkpoint'),
  });
  await other.close();
});
