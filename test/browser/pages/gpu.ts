import { createEngine, DistillError, type Engine } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import { keep, kept } from '#library/backends/webgpu/tuning/kept-browser.js';
import type { OpName } from '#library/graph/names.js';
import { checkOperator } from '../../support/check.ts';
import { tenSteps } from '../../support/residual.ts';

/** What pages can be asked to do with a GPU. */
export const gpuTasks: Record<string, (argument: never) => Promise<unknown>> = {
  /** These operators' cases, forward, and how a residual network trains. */
  gpu: async ({ operators }: { operators: OpName[] }) => {
    await using engine = await createEngine({ backend: 'webgpu', threads: 1 });
    const checks = [];
    for (const op of operators) checks.push(await checkOperator(engine, op, { forward: true }));
    return {
      report: engine.report(),
      failures: checks.flatMap(({ failures }) => failures),
      cases: checks.map(({ cases }) => cases),
      trained: await tenSteps(engine),
    };
  },

  /** What is there of a text before it is kept, and after. */
  kept: async ({ name, text }: { name: string; text: string }) => {
    const before = await kept(name);
    await keep(name, text);
    return { before: before ?? 'none', after: await kept(name) };
  },

  /** What an engine says of itself, or the error that asking for it gives. */
  backend: async ({ backend }: { backend: 'webgpu' | 'auto' }) => {
    try {
      await using engine = await createEngine({ backend, threads: 1 });
      return { ...engine.report(), counted: await counted(engine, 3) };
    } catch (error) {
      return told(error);
    }
  },

  /** Two engines whose runs go on side by side, and the second after the first is closed. */
  twoEngines: async () => {
    const [first, second] = await Promise.all([gpuEngine(), gpuEngine()]);
    const beside = await Promise.all([counted(first, 40), counted(second, 50)]);
    await first.close();
    const after = await counted(second, 60);
    await second.close();
    return [...beside, after];
  },

  /** The errors of a run whose engine is closed in its midst, and of one that is begun afterwards. */
  closed: async () => {
    const engine = await gpuEngine();
    const { session, n } = await counter(engine);
    let run: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      run = session.run('count', { steps: 2 ** 30, onStep: () => resolve() }).catch(told);
    });
    await engine.close();
    return [await run, await session.run('count').catch(told), await session.read(n).catch(told)];
  },

  /** How a run ends that goes on until something ends it; `window.running` once it goes. */
  lost: async () => {
    await using engine = await gpuEngine();
    const { session } = await counter(engine);
    const onStep = () => Object.assign(window, { running: true });
    return await session.run('count', { steps: 2 ** 30, onStep }).catch(told);
  },

  /** A run in a page that gets no timers and no frames, as one that is hidden gets few. */
  hidden: async () => {
    await using engine = await gpuEngine();
    const { setTimeout, setInterval, requestAnimationFrame } = globalThis;
    const withheld = () => 0;
    Object.assign(globalThis, {
      setTimeout: withheld,
      setInterval: withheld,
      requestAnimationFrame: withheld,
    });
    try {
      return await counted(engine, 1000);
    } finally {
      Object.assign(globalThis, { setTimeout, setInterval, requestAnimationFrame });
    }
  },
};

function gpuEngine(): Promise<Engine> {
  return createEngine({ backend: 'webgpu', threads: 1 });
}

/** A plan that adds one to a number. */
async function counter(engine: Engine) {
  const n = variable('n', [1]);
  const session = await engine.load({ count: [ops.assign(n, ops.shift(n, 1))] });
  return { session, n };
}

async function counted(engine: Engine, steps: number): Promise<number> {
  const { session, n } = await counter(engine);
  await session.run('count', { steps });
  const [count] = await session.read(n);
  await session.close();
  return count!;
}

function told(error: unknown) {
  return error instanceof DistillError ? { code: error.code, message: error.message } : String(error);
}
