import { codeOf } from './kernel.js';
import type { Program } from './program.js';

/** A program as a person reads it: each plan's dispatches, with their workgroups and what they bind. */
export function programText({ plans, beginnings, buffers }: Program): string {
  const parts = [...plans].map(([name, dispatches]) =>
    [
      `${name}: ${dispatches.length} dispatches`,
      ...dispatches.map(
        ({ kernel, places }) =>
          `  ${kernel.name} ${fingerprint(codeOf(kernel))} ${kernel.workgroups.join('×')} ${places.map(({ buffer, offset }) => `b${buffer}${offset ? `+${offset}` : ''}`).join(' ')}`,
      ),
    ].join('\n'),
  );
  for (const name of Object.keys(beginnings)) parts.push(`${name}: computed by wasm`);
  const bytes = buffers.reduce((sum, each) => sum + each, 0);
  return [...parts, `${buffers.length} buffers, ${bytes} bytes`].join('\n\n');
}

/** FNV-1a: texts tell one kernel from another without their code. */
function fingerprint(code: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < code.length; i++) hash = Math.imul(hash ^ code.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
