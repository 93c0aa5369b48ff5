import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { kernelsFile } from './direct.ts';

/** Bytes of kernels.wasm as a server would send it. */
export function gzippedBytes(): number {
  return gzipSync(readFileSync(kernelsFile('kernels')), { level: 9 }).length;
}
