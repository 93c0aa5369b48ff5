import { sha256 } from 'wasm-distill';

/** SHA-256 of plain data, the same whatever order their keys were given in. */
export function fingerprint(value: unknown): Promise<string> {
  return sha256([new TextEncoder().encode(JSON.stringify(value, sortedKeys))]);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
