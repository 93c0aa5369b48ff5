import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of kernels.wasm as a server would send it. */
export function gzippedBytes(): number {
  return gzipSync(readFileSync(new URL('../runtime/kernels.wasm', import.meta.url)), { level: 9 }).length;
}
