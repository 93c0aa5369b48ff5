import { instantiateSync } from '@assemblyscript/loader';
import type { Reply, Request, RunArguments } from './protocol.js';

/** What kernels.wasm exports for running plans (assembly/interpreter.ts). */
export interface Kernels extends Record<string, unknown> {
  run(
    plan: number,
    control: number,
    scratch: number,
    thread: number,
    threads: number,
    spins: number,
    from: number,
    to: number,
    seed: number,
  ): number;
}

interface Loaded {
  kernels: Kernels;
  memory: WebAssembly.Memory;
}

/** One thread of a team: answers requests, host-independent. A session is an instance of the kernels over a memory. */
export function createMember(): (request: Request) => Reply {
  const sessions = new Map<number, Loaded>();
  const answer = (request: Request): number | Uint8Array | undefined => {
    if (request.kind === 'load') {
      sessions.set(request.session, load(request));
      return undefined;
    }
    if (request.kind === 'unload') {
      sessions.delete(request.session);
      return undefined;
    }
    const session = sessions.get(request.session);
    if (!session) throw new Error(`session ${request.session} isn't loaded`);
    if (request.kind === 'run') return run(session.kernels, request);
    if (request.kind === 'write') {
      new Uint8Array(session.memory.buffer).set(request.bytes, request.address);
      return undefined;
    }
    return new Uint8Array(session.memory.buffer, request.address, request.length).slice();
  };
  return (request) => {
    try {
      return { ok: true, value: answer(request) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  };
}

function load({ module, memory, pages }: Extract<Request, { kind: 'load' }>): Loaded {
  const own = memory ?? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = instantiateSync<Kernels>(module, { env: { memory: own } });
  return { kernels: exports, memory: own };
}

function run(kernels: Kernels, r: RunArguments): number {
  return kernels.run(r.plan, r.control, r.scratch, r.thread, r.threads, r.spins, r.from, r.to, r.seed);
}
