import type { Bytes } from '../arrays.js';
import { checkArray } from '../checks.js';
import { DistillError } from '../errors.js';
import { crc32 } from './crc.js';
import { inflate } from './inflate.js';

/** The most that is unpacked, in bytes: a gzip of 1 MiB can stand for a gibibyte of zeros. */
const maxUnpacked = 2 ** 30;

/** Deflate can't compress further than this (258 bytes into 2 bits), so a larger claim is a lie. */
export const maxDeflateRatio = 1032;

/** Whether a file starts as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip (RFC 1952) of one or several members, 1 GiB unpacked at most; zeros after the last member are padding.
 * `name` is the file's name, for messages. Throws `bad-file`.
 */
export function gunzip(bytes: Uint8Array, name: string): Bytes {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const declared = lastSize(bytes, name);
  const parts: Bytes[] = [];
  let unpacked = 0;
  for (let at = 0; at < bytes.length; ) {
    if (parts.length > 0 && bytes.subarray(at).every((byte) => byte === 0)) break;
    const fail = (found: string) => badGzip(name, `can't be unpacked: it ${found}`);
    const from = dataStart(bytes, at, name);
    // The first may be all there is, and then its size stands at the end.
    const expected = parts.length === 0 ? declared : 0;
    const { data, end } = inflate(bytes, { from, expected, most: maxUnpacked - unpacked, fail });
    checkEnd(bytes, end, data, name);
    parts.push(data);
    unpacked += data.length;
    at = end + 8;
  }
  return parts.length === 1 ? parts[0]! : joined(parts, unpacked);
}

/** The unpacked size that the file's last 4 bytes declare for its last member. */
function lastSize(bytes: Uint8Array, name: string): number {
  // 18 bytes: the header (10), CRC-32 (4) and size (4).
  if (bytes.length < 18) throw badGzip(name, `has ${bytes.length} bytes where gzip needs at least 18`);
  const size = viewOf(bytes).getUint32(bytes.length - 4, true);
  if (size > bytes.length * maxDeflateRatio)
    throw badGzip(name, `ends with an unpacked size of ${size}, which ${bytes.length} bytes can't unpack to`);
  if (size > maxUnpacked)
    throw badGzip(name, `ends with an unpacked size of ${size} where at most ${maxUnpacked} are read`);
  return size;
}

/** Where a member's deflate stream begins: after its header with extra field, name, comment and checksum. */
function dataStart(bytes: Uint8Array, at: number, name: string): number {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b)
    throw badGzip(name, `has something else after its first ${at} bytes`);
  const flags = bytes[at + 3]!;
  if (bytes[at + 2] !== 8 || flags > 31) throw badGzip(name, 'is packed in a way that gzip has no name for');
  let start = at + 10;
  if (flags & 4) start += 2 + (bytes[start]! | (bytes[start + 1]! << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, start);
    start = zero < 0 ? bytes.length : zero + 1;
  }
  if (flags & 2) start += 2;
  if (start >= bytes.length) throw badGzip(name, 'is cut short');
  return start;
}

/** A member ends with the checksum and the size of what it unpacks to. */
function checkEnd(bytes: Uint8Array, end: number, data: Uint8Array, name: string): void {
  if (end + 8 > bytes.length) throw badGzip(name, 'is cut short');
  const view = viewOf(bytes);
  const size = view.getUint32(end + 4, true);
  if (size !== data.length)
    throw badGzip(name, `unpacks to ${data.length} bytes where it ends by declaring ${size}`);
  if (view.getUint32(end, true) !== crc32(data))
    throw badGzip(name, "can't be unpacked: its checksum is wrong");
}

function joined(parts: readonly Uint8Array[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function badGzip(name: string, found: string): DistillError {
  return new DistillError('bad-file', `${name}: the gzip file ${found}; get or pack it again`);
}
