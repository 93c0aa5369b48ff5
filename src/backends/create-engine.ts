import { checkNames, checkWord } from '../checks.js';
import type { Engine } from './backend.js';
import { createWasmEngine, type WasmOptions } from './wasm/engine.js';

export interface EngineOptions extends WasmOptions {
  /**
   * What computes: 'wasm' (the default), kernels on threads, whose results are the same everywhere; or 'webgpu', a GPU,
   * whose results differ in their last bits from device to device.
   */
  backend?: 'wasm' | 'webgpu';
}

/**
 * Starts an engine: compiles the kernels, starts the threads and waits until each has reported that it is ready.
 * @throws DistillError 'bad-argument' for an impossible number of threads, 'missing' if several were requested and
 * threads can't share memory, or if there is no SIMD, or no WebGPU where that is asked for, 'worker' if a thread can't
 * start.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkNames(options, 'createEngine', ['backend', 'threads', 'module', 'fast', 'worker']);
  const { backend = 'wasm', ...others } = options;
  checkWord(backend, 'backend', ['wasm', 'webgpu']);
  if (backend === 'wasm') return createWasmEngine(others);
  const { WebgpuEngine } = await import('./webgpu/engine.js');
  const wasm = await createWasmEngine(others);
  try {
    return await WebgpuEngine.open(wasm);
  } catch (error) {
    await wasm.close();
    throw error;
  }
}
