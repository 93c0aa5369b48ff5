import { host } from '#host';
import type { Bytes } from '../../arrays.js';
import { brandOf, checkBoolean, checkNames, checkWhole, shown } from '../../checks.js';
import { DistillError, demand, systemReason } from '../../errors.js';
import { sha256 } from '../../formats/hash.js';
import { checkPlans, type Plans } from '../../graph/tensor.js';
import { STREAMS_VERSION } from '../../random/streams.js';
import type { Engine, EngineReport, Identity } from '../backend.js';
import type { Thread } from './host.js';
import { Limit } from './layout.js';
import { Memories } from './memories.js';
import { compile } from './program.js';
import { type Loadable, WasmSession } from './session.js';
import { Member } from './team.js';
import { programText } from './text.js';

export interface WasmOptions {
  /**
   * Thread count: a number is honored or refused; 'auto' (the default) takes one per core, as far as sharing allows.
   */
  threads?: number | 'auto';
  /** A precompiled module of the kernels, for hosts that can't fetch or compile them. */
  module?: WebAssembly.Module;
  /**
   * Use kernels with fused multiply-add if the host has relaxed SIMD (default false): faster products, but results then
   * differ in their last bits from machine to machine. `report().kernels` says which kernels were chosen.
   */
  fast?: boolean;
  /**
   * Where wasm-distill/worker is, for a page that loads the library from another origin, or a bundler that leaves
   * workers out. By default it is looked for beside this script.
   */
  worker?: string | URL;
}

// So that browsers without explicit resource management can still load the class below.
(Symbol as { asyncDispose?: symbol }).asyncDispose ??= Symbol.for('Symbol.asyncDispose');

/** Threads with kernels, ready to load plans. Idle threads don't hold a Node process open. */
export class WasmEngine implements Engine {
  constructor(
    private readonly members: readonly Member[],
    private readonly kernels: Kernels,
    private readonly description: EngineReport,
    private readonly memories = new Memories(),
  ) {}

  report(): EngineReport {
    return { ...this.description };
  }

  get threads(): number {
    return this.members.length;
  }

  async load(plans: Plans): Promise<WasmSession> {
    checkPlans(plans);
    return this.loadProgram(compile(plans));
  }

  explain(plans: Plans): string {
    checkPlans(plans);
    return programText(compile(plans));
  }

  async identity(): Promise<Identity> {
    const { backend, bits } = this.description;
    const { bytes } = this.kernels;
    return { backend, bits, kernels: bytes ? await sha256([bytes]) : 'given', streams: STREAMS_VERSION };
  }

  /** Loads a compiled program into its own memory. */
  loadProgram(program: Loadable): Promise<WasmSession> {
    const { sharedMemory: shared, cores } = this.description;
    const { memories } = this;
    return WasmSession.load(program, this.members, this.kernels.module, { shared, memories, cores });
  }

  divide(teams: number): WasmEngine[] {
    checkWhole(teams, 'teams', 1, Infinity);
    const count = Math.min(teams, this.members.length);
    return Array.from({ length: count }, (_, i) => {
      const share = this.members.slice(
        Math.floor((i * this.threads) / count),
        Math.floor(((i + 1) * this.threads) / count),
      );
      return new WasmEngine(
        share,
        this.kernels,
        { ...this.description, threads: share.length },
        this.memories,
      );
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Starts an engine: compiles the kernels, starts the threads and waits until each has reported that it is ready.
 * @throws DistillError 'bad-argument' for an impossible number of threads, 'missing' if several were requested and
 * threads can't share memory, or if there is no SIMD, 'worker' if a thread can't start.
 */
export async function createWasmEngine(options: WasmOptions = {}): Promise<Engine> {
  checkNames(options, 'createEngine', ['threads', 'module', 'fast', 'worker']);
  checkKinds(options);
  const cores = host.hardwareThreads();
  const why = host.whyNotShared();
  const threads = decideThreads(options.threads ?? 'auto', cores, why);
  const fast = options.fast === true && hasRelaxedSimd();
  const kernels = options.module ? { module: options.module } : await compileKernels(fast);
  const members: Member[] = [];
  try {
    for (let i = 0; i < threads; i++) members.push(new Member(i, startThread(options.worker)));
    await Promise.all(members.map(ready));
  } catch (error) {
    await Promise.all(members.map((member) => member.terminate()));
    throw error;
  }
  for (const member of members) member.idle();
  const reason = why
    ? `one thread, since ${why}`
    : options.threads === undefined || options.threads === 'auto'
      ? 'as many as cores'
      : 'as asked';
  return new WasmEngine(members, kernels, {
    backend: 'wasm',
    bits: fast || options.module ? 'this device' : 'portable',
    threads,
    cores,
    simd: true,
    kernels: options.module ? 'given' : fast ? 'fast' : 'exact',
    sharedMemory: why === undefined,
    host: host.name,
    reason,
  });
}

function checkKinds({ module, fast, worker }: WasmOptions): void {
  demand(
    module === undefined || brandOf(module) === 'WebAssembly.Module',
    () => `module must be a WebAssembly.Module, not ${shown(module)}`,
  );
  if (fast !== undefined) checkBoolean(fast, 'fast');
  demand(
    worker === undefined || typeof worker === 'string' || brandOf(worker) === 'URL',
    () => `worker must be an address, a string or URL, not ${shown(worker)}`,
  );
}

function decideThreads(asked: number | 'auto', cores: number, whyNotShared: string | undefined): number {
  if (asked === 'auto') return whyNotShared ? 1 : Math.min(cores, Limit.threads);
  demand(
    Number.isInteger(asked) && asked >= 1 && asked <= Limit.threads,
    () => `threads must be a whole number from 1 to ${Limit.threads} or 'auto', not ${shown(asked)}`,
  );
  demand(
    asked === 1 || !whyNotShared,
    () => `${asked} threads were asked for, but ${whyNotShared}: ask for 1 or 'auto'`,
    'missing',
  );
  return asked;
}

/** What to do where threads have no script; a page that has one elsewhere may not start it. */
const WORKER =
  'give options.worker, the address of wasm-distill/worker, as a page starts threads of its own origin alone and a bundler may have left their script out (the kernels too: give options.module)';

function startThread(worker: string | URL | undefined): Thread {
  try {
    return host.startThread(worker);
  } catch (error) {
    throw new DistillError('worker', `a thread can't be started (${(error as Error).message}): ${WORKER}`, {
      cause: error,
    });
  }
}

async function ready(member: Member): Promise<void> {
  try {
    await member.ready;
  } catch (error) {
    throw new DistillError('worker', `${(error as Error).message} before it was ready: ${WORKER}`, {
      cause: error,
    });
  }
}

/** The compiled kernels, and their bytes unless they were given as a module. */
interface Kernels {
  readonly module: WebAssembly.Module;
  readonly bytes?: Bytes;
}

async function compileKernels(fast: boolean): Promise<Kernels> {
  const bytes = await readKernels(fast);
  try {
    return { module: await WebAssembly.compile(bytes), bytes };
  } catch (error) {
    throw new DistillError(
      'missing',
      `the kernels can't be compiled here (WebAssembly with SIMD and threads is needed): ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function readKernels(fast: boolean): ReturnType<typeof host.kernels> {
  try {
    return await host.kernels(fast);
  } catch (error) {
    const file = fast ? 'kernels-fast.wasm' : 'kernels.wasm';
    throw new DistillError(
      'missing',
      `${file} can't be read beside this script (${systemReason(error)}), as a bundler may have left it out: give options.module, a WebAssembly.Module of wasm-distill/${file}, and options.worker, the address of wasm-distill/worker`,
      { cause: error },
    );
  }
}

/** Whether this host compiles a module of one function: f32x4.relaxed_madd of three parameters. */
function hasRelaxedSimd(): boolean {
  const type = [1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b];
  const code = [10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b];
  return WebAssembly.validate(
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code]),
  );
}
