import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newerNode } from '../test/support/newer-node.ts';
import { kernelsFile } from './direct.ts';
import type { Row } from './document.ts';
import type { Run } from './run.ts';

const IDS = ['fast-gemm-1200', 'fast-step-a'];

/** Rows about the build with relaxed SIMD, measured by a newer Node where this one hasn't that. */
export async function fastRows({ document, effort, wants }: Run): Promise<void> {
  if (!IDS.some(wants)) return;
  const absent = (why: string) => document.absent.push(...IDS.map((name) => ({ name, why })));
  if (!existsSync(kernelsFile('kernels-fast')))
    return void absent('there is no kernels-fast.wasm in this build');
  const node = await newerNode().catch((error: Error) => error);
  if (node instanceof Error) return void absent(node.message);
  const script = fileURLToPath(new URL('./fast.js', import.meta.url));
  const { stdout } = await promisify(execFile)(node, [script, JSON.stringify(effort)]);
  document.rows.push(...(JSON.parse(stdout) as Row[]));
}
