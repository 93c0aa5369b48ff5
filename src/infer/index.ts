/** Runs a trained student and nothing else: no dependency, no threads, no shared memory. */
import { type Address, bytesOf, isAddress, moduleOf } from './source.js';
import { createStudent, type Student } from './student.js';
import { readStudent } from './student-file.js';

export { DistillError, type ErrorCode } from '../errors.js';
export type { Prediction, Predictions, Student } from './student.js';

export interface LoadOptions {
  /**
   * wasm-distill/infer.wasm: where it is, its bytes, or a module made from it, for hosts that can't compile bytes. By
   * default it is looked for beside this script.
   */
  module?: WebAssembly.Module | Address | undefined;
}

/**
 * Loads a student from a safetensors file that this package wrote, f32 or 8-bit: its bytes, its address, or in Node its
 * path.
 *
 * @throws DistillError 'missing' for what isn't there or can't be compiled here, 'bad-file' for a file that isn't a
 * student, 'memory' for one that is too large, 'bad-argument' and 'mismatch' for the wrong kind of source and module.
 */
export async function load(source: Address, { module }: LoadOptions = {}): Promise<Student> {
  const [bytes, compiled] = await Promise.all([bytesOf(source), moduleOf(module)]);
  const name = isAddress(source) ? String(source) : 'the student';
  return createStudent(compiled, readStudent(bytes, name.slice(0, 200)));
}
