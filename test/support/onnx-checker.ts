import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aptGet, mayInstall } from './apt.ts';

/** What the onnx package sees in a file that it has found right. */
export interface Checked {
  ir: number;
  opset: [string, number][];
  producer: string;
  metadata: Record<string, string>;
  inputs: { name: string; type: number; shape: (number | string)[] }[];
  outputs: { name: string; type: number; shape: (number | string)[] }[];
  operators: string[];
  /** Tensors whose shape it couldn't infer. */
  unknown: string[];
}

/** Whether onnx.checker (of Debian's python3-onnx) finds files right is told by not throwing. */
export async function checkOnnx(files: readonly string[]): Promise<Checked[]> {
  const python = await pythonWithOnnx();
  const { stdout } = await run(python, join(import.meta.dirname, 'onnx-checker.py'), ...files);
  return JSON.parse(stdout) as Checked[];
}

/** A Python that has onnx. Where it may, it installs it; else it throws: these tests are never skipped. */
export async function pythonWithOnnx(): Promise<string> {
  const python = process.env.PYTHON_PATH ?? '/usr/bin/python3';
  const has = () =>
    run(python, '-c', 'import onnx').then(
      () => true,
      () => false,
    );
  if (await has()) return python;
  if (await mayInstall()) {
    process.stderr.write('Python has no onnx: installing the package python3-onnx with apt-get.\n');
    await aptGet('update');
    await aptGet('install', '-y', '--no-install-recommends', 'python3-onnx');
    if (await has()) return python;
  }
  throw new Error(
    'onnx.checker is needed: install python3-onnx, or set PYTHON_PATH to a Python that has onnx.',
  );
}

function run(file: string, ...words: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(file, words, { maxBuffer: 64 * 1024 * 1024 });
}
