/** Protocol buffers, written: a message is a list of parts, which are joined once, so that large ones aren't copied twice. */
import type { Bytes } from '../../arrays.js';

export type Parts = readonly Uint8Array[];

/** A whole number from 0 to 2^53 − 1. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** A field whose content is a message, a text or bytes. */
export function lengthed(number: number, content: Parts | string): Parts {
  const parts = typeof content === 'string' ? [new TextEncoder().encode(content)] : content;
  return [varint(number * 8 + 2), varint(sizeOf(parts)), ...parts];
}

function sizeOf(parts: Parts): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

export function joined(parts: Parts): Bytes {
  const bytes = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
