import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { createEngine, DistillError, type Engine } from 'wasm-distill';
import { ops, type Plans, variable } from 'wasm-distill/graph';
import type { WasmEngine } from '#library/backends/wasm/engine.js';
import { Opcode } from '#library/backends/wasm/layout.js';
import { compile } from '#library/backends/wasm/program.js';
import type { Loadable, WasmSession } from '#library/backends/wasm/session.js';
import type { Member } from '#library/backends/wasm/team.js';

let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

/** The engine's threads, to do to them what a crash would. */
interface Exposed {
  ask: Member['ask'];
  thread: { terminate(): Promise<void> };
}

function membersOf(e: Engine): Exposed[] {
  return (e as unknown as { members: Exposed[] }).members;
}

/** A counter that each step adds one to, and a product large enough to take a while. */
function counting(size = 200) {
  const count = variable('count', [1]);
  const a = variable('a', [size, size]);
  const product = variable('product', [size, size]);
  const effects = [ops.assign(count, ops.shift(count, 1)), ops.assign(product, ops.matmul(a, a))];
  return { plans: { count: effects }, count, a };
}

describe('creating', () => {
  test.each([0, -1, 1.5, 65, 1e9, Number.NaN])('%d threads are refused', async (threads) => {
    await expect(createEngine({ threads })).rejects.toMatchObject({
      name: 'DistillError',
      code: 'bad-argument',
    });
  });

  test('the report says threads, cores and why', async () => {
    engine = await createEngine({ threads: 3 });
    expect(engine.report()).toMatchObject({ threads: 3, simd: true, sharedMemory: true, reason: 'as asked' });
    await engine.close();
    engine = await createEngine();
    expect(engine.report().threads).toBe(engine.report().cores);
  });

  test('a hundred engines and a thousand sessions leave no memory or threads behind', async () => {
    const { plans } = counting(20);
    const cycle = async () => {
      await using e = await createEngine({ threads: 2 });
      for (let i = 0; i < 10; i++) {
        const session = await e.load(plans);
        await session.run('count');
        await session.close();
      }
    };
    for (let i = 0; i < 20; i++) await cycle();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 80; i++) await cycle();
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
    expect(
      process.getActiveResourcesInfo().filter((r) => r === 'MessagePort' || r === 'Worker').length,
    ).toBeLessThan(5);
  });

  test('an idle engine does not keep the process alive', async () => {
    const script =
      "import { createEngine } from 'wasm-distill'; const e = await createEngine({ threads: 2 }); console.log(e.threads);";
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 30_000,
    });
    expect(stdout.trim()).toBe('2');
  });
});

describe('running', () => {
  test('steps follow each other, and progress is told', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans, count } = counting();
    const session = await engine.load(plans);
    const told: number[] = [];
    expect(await session.run('count', { from: 5, steps: 2000, onStep: (step) => told.push(step) })).toBe(
      2005,
    );
    expect([...(await session.read(count))]).toEqual([2000]);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  test('memory stays the same over 10,000 steps', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans, count } = counting(8);
    const session = await engine.load(plans);
    await session.run('count', { steps: 100 });
    const before = process.memoryUsage();
    await session.run('count', { steps: 10_000 });
    const after = process.memoryUsage();
    expect([...(await session.read(count))]).toEqual([10_100]);
    expect(after.rss - before.rss).toBeLessThan(8 * 2 ** 20);
  });

  test('an abort ends the run after a whole step', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans, count } = counting();
    const session = await engine.load(plans);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const reached = await session.run('count', { steps: 10_000_000, signal: controller.signal });
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(10_000_000);
    expect([...(await session.read(count))]).toEqual([reached]);
  });

  test('a signal that is already aborted runs nothing', async () => {
    engine = await createEngine({ threads: 1 });
    const { plans, count } = counting();
    const session = await engine.load(plans);
    expect(await session.run('count', { from: 3, steps: 9, signal: AbortSignal.abort() })).toBe(3);
    expect([...(await session.read(count))]).toEqual([0]);
  });

  test('runs that share threads wait for each other instead of for a barrier', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans, count } = counting();
    const sessions = await Promise.all([engine, ...engine.divide(2), engine].map((e) => e.load(plans)));
    await Promise.all(sessions.map((s) => s.run('count', { steps: 50 })));
    for (const s of sessions) expect([...(await s.read(count))]).toEqual([50]);
  });

  test('wrong names, sizes and closed sessions are refused', async () => {
    engine = await createEngine({ threads: 1 });
    const { plans, count, a } = counting();
    const session = await engine.load(plans);
    await expect(session.run('nothing')).rejects.toThrow('no plan named nothing');
    await expect(session.write(a, new Float32Array(3))).rejects.toThrow(
      'a [200,200] takes 160000 bytes, not 12',
    );
    await expect(session.read(variable('other', [1]))).rejects.toThrow('no plan of this program uses other');
    await session.close();
    await session.close();
    await expect(session.run('count')).rejects.toThrow('closed');
    expect(count.name).toBe('count');
  });

  test('what is no plan, variable, number of teams or of steps is refused', async () => {
    engine = await createEngine({ threads: 2 });
    for (const plans of [undefined, 7, { a: 1 }, { a: [1] }, { a: [variable('x', [1])] }])
      await expect(engine.load(plans as unknown as Plans)).rejects.toMatchObject({ code: 'bad-argument' });
    for (const teams of [Number.NaN, 0, -1, 1.5, '2'])
      expect(() => engine!.divide(teams as number)).toThrow(/teams must be a whole number of at least 1/);
    const session = await engine.load(counting().plans);
    await expect(session.write(undefined as never, new Float32Array(1))).rejects.toThrow(
      /write takes tensors/,
    );
    await expect(session.read({} as never)).rejects.toThrow(/read takes tensors/);
    for (const options of [
      { steps: Number.NaN },
      { steps: -1 },
      { from: 2 ** 31 },
      { seed: -1 },
      { patience: 0 },
    ])
      await expect(session.run('count', options)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  test('patience may be without end', async () => {
    engine = await createEngine({ threads: 2 });
    const session = await engine.load(counting().plans);
    for (const patience of [1e300, Number.POSITIVE_INFINITY])
      expect(await session.run('count', { patience, steps: 20 })).toBe(20);
  });

  test('more memory than wasm32 addresses is refused when the program is compiled', () => {
    const big = variable('big', [40_000, 40_000]);
    expect(() => compile({ copy: [ops.assign(variable('out', [40_000, 40_000]), ops.relu(big))] })).toThrow(
      /more than \d+ MiB, over the 4096 MiB/,
    );
  });
});

describe('failing', () => {
  /** A plan whose second thread meets an instruction that doesn't exist, while the first waits for it at a barrier. */
  const trap: Loadable = {
    plans: new Map([['trap', { address: 131072 }]]),
    variables: new Map(),
    image: [{ address: 131072, words: Int32Array.of(99, 4, 1, 0, Opcode.end, 4, 0, 0) }],
    controlAddress: 65536,
    scratchAddress: 196608,
    scratchBytes: 64,
  };

  test('a trap in one thread releases the others and names thread and place', async () => {
    engine = await createEngine({ threads: 2 });
    const session = await (engine as WasmEngine).loadProgram(trap);
    await expect(session.run('trap')).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringMatching(/thread 1 failed: unreachable/),
    });
    await expect(session.run('trap')).rejects.toBeInstanceOf(DistillError);
  });

  test('a thread that dies in the middle of a run rejects it, and the engine can still be closed', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans } = counting();
    const session = await engine.load(plans);
    const run = session.run('count', { steps: 10_000_000 });
    setTimeout(() => void membersOf(engine!)[1]!.thread.terminate(), 100);
    await expect(run).rejects.toMatchObject({
      code: 'worker',
      message: expect.stringMatching(/thread 1 died: it exited.*last seen at instruction \d+ \(\w+\)/),
    });
    await expect(session.run('count')).rejects.toBeInstanceOf(DistillError);
    await expect(engine.load(plans)).rejects.toMatchObject({ code: 'worker' });
  });

  test('a thread that never comes is named by the watchdog', async () => {
    engine = await createEngine({ threads: 2 });
    const { plans } = counting();
    const session = await engine.load(plans);
    // Thread 1 is kept busy behind the session's back, as by a host that starves it.
    const large = counting(900);
    const busy = (await engine.divide(2)[1]!.load(large.plans)) as WasmSession;
    const program = compile(large.plans);
    const { controlAddress, scratchAddress } = program;
    const plan = program.plans.get('count')!.address;
    const long = membersOf(engine)[1]!.ask({
      ...{ kind: 'run', session: busy.id, plan, control: controlAddress, scratch: scratchAddress },
      ...{ thread: 0, threads: 1, spins: 0, from: 0, to: 40, seed: 0 },
    });
    await expect(session.run('count', { patience: 0.4 })).rejects.toMatchObject({
      message: expect.stringMatching(/thread 1 never came to the barrier at instruction \d+/),
    });
    await long;
  });

  test('closing an engine during a run rejects the run', async () => {
    engine = await createEngine({ threads: 2 });
    const session = await engine.load(counting().plans);
    const run = session.run('count', { steps: 10_000_000 });
    setTimeout(() => void engine!.close(), 50);
    await expect(run).rejects.toMatchObject({ code: 'worker', message: expect.stringContaining('closed') });
  });
});
