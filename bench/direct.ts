import { readFileSync } from 'node:fs';
import { instantiateSync } from '@assemblyscript/loader';
import type { Program, Variable } from 'wasm-distill';
import type { Kernels } from '../dist/runtime/member.js';

/** A program loaded into this very thread, without workers or messages: what a kernel costs by itself. */
export interface Direct {
  run(plan: string, steps?: number): void;
  view(variable: Variable): Float32Array;
  integers(variable: Variable): Int32Array;
}

const PAGE = 65536;

/** The kernels' builds, by the names of their files. */
export type Build = 'kernels' | 'kernels-fast';

export const kernelsFile = (build: Build): URL => new URL(`../runtime/${build}.wasm`, import.meta.url);

export function loadDirectly(program: Program, build: Build = 'kernels'): Direct {
  const pages = Math.ceil((program.scratchAddress + program.scratchBytes) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = instantiateSync<Kernels>(readFileSync(kernelsFile(build)), { env: { memory } });
  for (const { address, words } of program.image) new Int32Array(memory.buffer).set(words, address / 4);
  const length = (v: Variable) => v.shape.reduce((product, n) => product * n, 1);
  return {
    run: (plan, steps = 1) => {
      const reached = exports.run(
        program.plans.get(plan)!.address,
        program.controlAddress,
        program.scratchAddress,
        0,
        1,
        0,
        0,
        steps,
        1,
      );
      if (reached !== steps) throw new Error(`${plan} ended at step ${reached} of ${steps}`);
    },
    view: (v) => new Float32Array(memory.buffer, program.variables.get(v), length(v)),
    integers: (v) => new Int32Array(memory.buffer, program.variables.get(v), length(v)),
  };
}
