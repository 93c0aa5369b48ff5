import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { instantiateSync } from '@assemblyscript/loader';
import type { Plans, Variable } from 'wasm-distill/graph';
import { Header, Opcode } from '#library/backends/wasm/layout.js';
import type { Kernels } from '#library/backends/wasm/member.js';
import { compile, type Program } from '#library/backends/wasm/program.js';

/** Plans loaded into this very thread, without workers or messages: what a kernel costs by itself. */
export interface Direct {
  memory: WebAssembly.Memory;
  program: Program;
  run(plan: string, steps?: number): void;
  view(variable: Variable): Float32Array;
  integers(variable: Variable): Int32Array;
  /** A plan's instructions, each to be run by itself. */
  instructions(plan: string): (() => void)[];
}

const PAGE = 65536;

/** The kernels' builds, by the names of their files. */
export type Build = 'kernels' | 'kernels-fast';

const { resolve } = createRequire(import.meta.url);

export const kernelsFile = (build: Build): string => resolve(`wasm-distill/${build}.wasm`);

export function loadDirectly(plans: Plans, build: Build = 'kernels'): Direct {
  const program = compile(plans);
  // A page more, for an instruction by itself.
  const pages = Math.ceil((program.scratchAddress + program.scratchBytes) / PAGE) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = instantiateSync<Kernels>(readFileSync(kernelsFile(build)), { env: { memory } });
  for (const { address, words } of program.image) new Int32Array(memory.buffer).set(words, address / 4);
  const length = (v: Variable) => v.shape.reduce((product, n) => product * n, 1);
  const runAt = (address: number, steps: number) => {
    const { controlAddress, scratchAddress } = program;
    const reached = exports.run(address, controlAddress, scratchAddress, 0, 1, 0, 0, steps, 1);
    if (reached !== steps) throw new Error(`the plan at ${address} ended at step ${reached} of ${steps}`);
  };
  const addressOf = (plan: string) => program.plans.get(plan)!.address;
  return {
    memory,
    program,
    run: (plan, steps = 1) => runAt(addressOf(plan), steps),
    instructions: (plan) => {
      const alone = (pages - 1) * PAGE;
      const words = new Int32Array(memory.buffer);
      return instructionsAt(words, addressOf(plan) / 4).map((instruction) => () => {
        words.set([...instruction, Opcode.end], alone / 4);
        runAt(alone, 1);
      });
    },
    view: (v) => new Float32Array(memory.buffer, program.variables.get(v), length(v)),
    integers: (v) => new Int32Array(memory.buffer, program.variables.get(v), length(v)),
  };
}

function instructionsAt(words: Int32Array, start: number): Int32Array[] {
  const found: Int32Array[] = [];
  for (let at = start; words[at] !== Opcode.end; at += words[at + Header.words]!)
    found.push(words.slice(at, at + words[at + Header.words]!));
  return found;
}
