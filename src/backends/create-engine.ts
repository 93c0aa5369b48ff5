import { checkNames, checkWord } from '../checks.js';
import { DistillError } from '../errors.js';
import { automaticEngine } from './automatic.js';
import type { Engine } from './backend.js';
import type { GpuEngine } from './comparison.js';
import { createWasmEngine, type WasmOptions } from './wasm/engine.js';

/** What createEngine() takes. */
export interface EngineOptions extends WasmOptions {
  /**
   * What computes: 'wasm' (the default), kernels on threads, whose results are the same everywhere; 'webgpu', a GPU,
   * whose results differ in their last bits from device to device; or 'auto', a GPU for steps that are large enough,
   * where there is one.
   */
  backend?: 'wasm' | 'webgpu' | 'auto';
}

/**
 * Starts an engine on a GPU, whose results can be compared with wasm's (`compare`).
 * @throws DistillError 'missing' without WebGPU.
 */
export function createEngine(options: EngineOptions & { backend: 'webgpu' }): Promise<GpuEngine>;
/**
 * Starts an engine: compiles the kernels, starts the threads and waits until each has reported that it is ready.
 * @throws DistillError 'bad-argument' for an impossible number of threads, 'missing' if several were requested and
 * threads can't share memory, or if there is no SIMD, or no WebGPU where that is asked for, 'worker' if a thread can't
 * start.
 */
export function createEngine(options?: EngineOptions): Promise<Engine>;
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkNames(options, 'createEngine', ['backend', 'threads', 'module', 'fast', 'worker']);
  const { backend = 'wasm', ...others } = options;
  checkWord(backend, 'backend', ['wasm', 'webgpu', 'auto']);
  const wasm = await createWasmEngine(others);
  if (backend === 'wasm') return wasm;
  try {
    const { WebgpuEngine } = await import('./webgpu/engine.js');
    const webgpu = await WebgpuEngine.open(wasm);
    return backend === 'auto' ? automaticEngine(webgpu, wasm) : webgpu;
  } catch (error) {
    if (backend === 'auto' && error instanceof DistillError) return explained(wasm, error);
    await wasm.close();
    throw error;
  }
}

/** The engine of wasm that 'auto' falls back to, and why. */
function explained(wasm: Engine, why: DistillError): Engine {
  const report = { ...wasm.report(), reason: `${wasm.report().reason}; 'auto' takes wasm: ${why.message}` };
  return Object.assign(wasm, { report: () => ({ ...report }) });
}
