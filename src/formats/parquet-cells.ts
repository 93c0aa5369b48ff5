import { brandOf } from '../checks.js';
import type { Cell } from './table.js';

/**
 * A cell as hyparquet has it: whole numbers of 64 bits become plain ones as far as those hold them exactly, pictures
 * ({ bytes, path } of Hugging Face) their bytes, or their path where the bytes are elsewhere, dates ISO text, and other
 * structures JSON.
 */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== 'object') return value as Cell;
  const brand = brandOf(value);
  if (brand === 'Uint8Array') return value as Uint8Array;
  if (Array.isArray(value) || brand.endsWith('Array')) return Array.from(value as ArrayLike<unknown>, cellOf);
  if (brand === 'Date') return Number.isNaN(Number(value)) ? null : (value as Date).toISOString();
  const { bytes, path } = value as { bytes?: unknown; path?: unknown };
  if (brandOf(bytes) === 'Uint8Array') return bytes as Uint8Array;
  if ('bytes' in value && 'path' in value) return typeof path === 'string' ? path : null;
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}
