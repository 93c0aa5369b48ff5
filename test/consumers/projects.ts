import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Outcome, work } from './apps/work.js';

export const { tarball, plain, tools } = inject('projects');

/** The path of something that one of the tools has. */
export function tool(path: string): string {
  return join(tools, 'node_modules', path);
}

/** What the work comes to with the library of this repository, on two threads. */
export async function expectedOutcome(): Promise<Outcome> {
  return work(await readFile(join(plain, 'node/public/student.safetensors')), { threads: 2 });
}
