import { createEngine, DistillError } from 'wasm-distill';
import { onnxTeacher } from 'wasm-distill/onnx';
import type { OpName } from '#library/graph/names.js';
import { operators } from '#library/ops/index.js';
import { checkOperator } from '../../support/check.ts';
import { trainGolden } from '../../support/golden.ts';
import { convolutional, convolutionalRows } from '../../support/onnx-golden.ts';
import { gpuTasks } from './gpu.ts';

/** What pages can be asked to do, by name: `run(name, argument)` in a test. */
export const tasks: Record<string, (argument: never) => Promise<unknown>> = {
  ...gpuTasks,

  isolation: async () => ({ crossOriginIsolated, sharedMemory: canMakeSharedMemory() }),

  /** Every operator's cases on an engine; failures, and a digest of all outputs' bits. */
  operators: async ({ threads }: { threads: number }) => {
    await using engine = await createEngine({ threads });
    const failures: string[] = [];
    const bits: Int32Array<ArrayBuffer>[] = [];
    for (const op of Object.keys(operators) as OpName[]) {
      const result = await checkOperator(engine, op);
      failures.push(...result.failures);
      bits.push(...result.bits);
    }
    return { failures, sha256: await digest(await new Blob(bits).arrayBuffer()) };
  },

  golden: async ({ threads }: { threads: number | 'auto' }) => {
    await using engine = await createEngine({ threads });
    return { hashes: await trainGolden(engine), report: engine.report() };
  },

  /** The digest of what a convolutional ONNX teacher answers, and what ran it. */
  onnx: async () => {
    const teacher = await onnxTeacher(convolutional());
    try {
      const logits = await teacher.logits(convolutionalRows());
      return { sha256: await digest(logits.slice().buffer), runtime: teacher.facts.runtime };
    } finally {
      await teacher.close();
    }
  },

  /** The error that asking for this many threads gives. */
  refuse: async ({ threads }: { threads: number }) => {
    try {
      await (await createEngine({ threads })).close();
      return 'no error';
    } catch (error) {
      return error instanceof DistillError ? { code: error.code, message: error.message } : String(error);
    }
  },
};

function canMakeSharedMemory(): boolean {
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return true;
  } catch {
    return false;
  }
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
