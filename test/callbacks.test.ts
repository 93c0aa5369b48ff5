import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  distill,
  type Engine,
  mlp,
  predict,
  type SoftTargets,
  softTargets,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import { combine } from 'wasm-distill/ensemble';
import { ops, variable } from 'wasm-distill/graph';
import { hiddenOf, logitsOf } from 'wasm-distill/objectives';
import { referenceEngine } from '#library/backends/reference/engine.js';
import { syntheticData } from './support/golden.ts';
import { unshared } from './support/unshared.ts';

const data = syntheticData(600);
const base = { architecture: mlp([144, 24, 10]), data, epochs: 2, seed: 5, batch: 64 } as const;
const engines = new Map<string, Engine>();
let teacher: TrainedModel;
let soft: SoftTargets;

beforeAll(async () => {
  engines.set('two threads', await createEngine({ threads: 2 }));
  engines.set('one thread', await createEngine({ threads: 1 }));
  engines.set('one thread without shared memory', unshared(engines.get('one thread')!));
  teacher = await train(engines.get('two threads')!, base);
  soft = await softTargets(engines.get('two threads')!, [teacher], data, { temperature: 2 });
});
afterAll(() => Promise.all([...engines.values()].map((engine) => engine.close())));

const MODES = ['two threads', 'one thread', 'one thread without shared memory'];

/** All work that tells of its progress, given what it calls. */
const works: Record<string, (engine: Engine, told: () => void | Promise<void>) => Promise<unknown>> = {
  'train, onProgress': (engine, onProgress) => train(engine, base, { onProgress }),
  'train, onCheckpoint': (engine, onCheckpoint) => train(engine, base, { onCheckpoint }),
  'distill, onProgress': (engine, onProgress) =>
    distill(engine, { ...base, soft, temperature: 2 }, { onProgress }),
  'distill, onCheckpoint': (engine, onCheckpoint) =>
    distill(engine, { ...base, soft, temperature: 2 }, { onCheckpoint }),
  'softTargets, onProgress': (engine, onProgress) =>
    softTargets(engine, [teacher], data, { temperature: 2, augment: [{ shift: 1 }], onProgress }),
  'predict, onProgress': (engine, onProgress) => predict(engine, teacher, data, { onProgress }),
  'logitsOf, onProgress': (engine, onProgress) => logitsOf(engine, [teacher], data, { onProgress }),
  'hiddenOf, onProgress': (engine, onProgress) => hiddenOf(engine, teacher, data, { onProgress }),
  'session.run, onStep': async (engine, onStep) => {
    const x = variable('x', [100]);
    const session = await engine.load({ step: [ops.assign(x, ops.shift(x, 1))] });
    try {
      // Long enough that the timer comes before the end.
      return await session.run('step', { steps: 20_000_000, onStep });
    } finally {
      await session.close();
    }
  },
};

describe.each(MODES)('%s: what a callback throws rejects the promise', (mode) => {
  test.each(Object.keys(works))('%s', async (work) => {
    const engine = engines.get(mode)!;
    const oops = new Error('oops');
    await expect(
      works[work]!(engine, () => {
        throw oops;
      }),
    ).rejects.toBe(oops);
    await expect(works[work]!(engine, () => Promise.reject(oops))).rejects.toBe(oops);
    const later = () => new Promise<void>((_, reject) => setTimeout(reject, 20, oops));
    await expect(works[work]!(engine, later)).rejects.toBe(oops);
    // The engine goes on.
    expect(await weightsSha256(await train(engine, base))).toBe(await weightsSha256(teacher));
  });
});

test('what a callback throws from the timer, in the middle of a run, ends it soon', async () => {
  for (const mode of MODES) {
    let calls = 0;
    const started = performance.now();
    const run = train(
      engines.get(mode)!,
      { ...base, epochs: 1_000_000 },
      {
        onProgress: () => {
          calls++;
          throw new Error('from the timer');
        },
      },
    );
    await expect(run).rejects.toThrow('from the timer');
    expect(calls).toBe(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  }
});

test('the float64 reference tells and stops alike', async () => {
  const engine = referenceEngine();
  const x = variable('x', [1]);
  const session = await engine.load({ step: [ops.assign(x, ops.shift(x, 1))] });
  const oops = new Error('oops');
  const thrown = () => {
    throw oops;
  };
  await expect(session.run('step', { steps: 9, onStep: thrown })).rejects.toBe(oops);
  expect([...(await session.read(x))]).toEqual([1]);
  await expect(session.run('step', { steps: 9, onStep: () => Promise.reject(oops) })).rejects.toBe(oops);
});

test('a process lives on, whatever callbacks do', async () => {
  const script = `
    import { createEngine, mlp, makeDataset, train } from 'wasm-distill';
    const engine = await createEngine({ threads: 2 });
    const data = makeDataset({ inputs: { shape: [64], values: new Uint8Array(64 * 500) }, labels: new Uint8Array(500) });
    const options = { architecture: mlp([64, 200, 10]), data, epochs: 100000, seed: 1 };
    const said = [];
    for (const onProgress of [() => { throw new Error('thrown'); }, async () => { throw new Error('rejected'); }])
      await train(engine, options, { onProgress }).catch((error) => said.push(error.message));
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log(said.join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 60_000,
  });
  expect(stdout.trim()).toBe('thrown,rejected');
});

describe('an abort', () => {
  const reason = new Error('the user went away');
  const aborts: Record<string, (engine: Engine, signal: AbortSignal) => Promise<unknown>> = {
    train: (engine, signal) => train(engine, base, { signal }),
    distill: (engine, signal) => distill(engine, { ...base, soft, temperature: 2 }, { signal }),
    softTargets: (engine, signal) => softTargets(engine, [teacher], data, { temperature: 2, signal }),
    predict: (engine, signal) => predict(engine, teacher, data, { signal }),
    logitsOf: (engine, signal) => logitsOf(engine, [teacher], data, { signal }),
    hiddenOf: (engine, signal) => hiddenOf(engine, teacher, data, { signal }),
    combine: (engine, signal) => combine(engine, Float32Array.of(0.5, 0.5), [], { classes: 2, signal }),
  };
  test.each(Object.keys(aborts))('of %s has the signal’s reason as its cause', async (work) => {
    for (const mode of MODES)
      await expect(aborts[work]!(engines.get(mode)!, AbortSignal.abort(reason))).rejects.toMatchObject({
        name: 'DistillError',
        code: 'aborted',
        cause: reason,
      });
  });

  test('in the middle has it too', async () => {
    for (const mode of MODES) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 150);
      await expect(
        train(engines.get(mode)!, { ...base, epochs: 1_000_000 }, { signal: controller.signal }),
      ).rejects.toMatchObject({ code: 'aborted', cause: reason });
    }
  });
});
