/** ZIP (PKWARE's APPNOTE.TXT): files stored or deflated, with 64-bit sizes where needed; neither encrypted nor split. */
import type { Bytes } from '../arrays.js';
import { checkArray } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { crc32 } from './crc.js';
import { maxDeflateRatio } from './gzip.js';
import { inflate } from './inflate.js';

/** The largest packed file that is unpacked, in bytes. */
const maxUnpacked = 2 ** 31;

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked. */
  readonly size: number;
  /** Its bytes: a view of the archive's if it is stored. Throws `bad-file`. */
  read(): Uint8Array;
}

interface Place {
  name: string;
  size: number;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  /** Where its local header is. */
  offset: number;
}

/** Whether a file starts as ZIP does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The files of an archive, folders left out, in the order of its directory. Throws `bad-file`. */
export function readZip(bytes: Uint8Array, name: string): ZipEntry[] {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = readDirectory(bytes, view, name);
  checkDisjoint(places, bytes.length, name);
  return places
    .filter((place) => !place.name.endsWith('/'))
    .map((place) => ({ name: place.name, size: place.size, read: () => unpack(bytes, view, place, name) }));
}

/** Where the directory begins and how many entries it has: at the file's end, before a comment. */
function findDirectory(view: DataView, name: string): { at: number; count: number } {
  const length = view.byteLength;
  const isEnd = (at: number) =>
    view.getUint32(at, true) === 0x06054b50 && at + 22 + view.getUint16(at + 20, true) <= length;
  let end = length - 22;
  while (end >= 0 && end >= length - 22 - 65_535 && !isEnd(end)) end--;
  demandZip(end >= 0 && isEnd(end), name, 'has no directory: it was cut short or is none');
  const at = view.getUint32(end + 16, true);
  const count = view.getUint16(end + 10, true);
  if (at !== 0xffffffff && count !== 0xffff) return { at, count };
  if (end < 20 || view.getUint32(end - 20, true) !== 0x07064b50) return { at, count };
  const wide = Number(view.getBigUint64(end - 12, true));
  demandZip(
    wide <= length - 56 && view.getUint32(wide, true) === 0x06064b50,
    name,
    'has no 64-bit directory where it says so',
  );
  return {
    at: Number(view.getBigUint64(wide + 48, true)),
    count: Number(view.getBigUint64(wide + 32, true)),
  };
}

function readDirectory(bytes: Uint8Array, view: DataView, name: string): Place[] {
  const { at: start, count } = findDirectory(view, name);
  const places: Place[] = [];
  let at = start;
  while (places.length < count) {
    demandZip(
      at <= bytes.length - 46 && view.getUint32(at, true) === 0x02014b50,
      name,
      'has a damaged directory',
    );
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    demandZip(next <= bytes.length, name, 'has a damaged directory');
    const place = {
      name: new TextDecoder().decode(bytes.slice(at + 46, at + 46 + nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    widen(place, view, at + 46 + nameLength, extraLength);
    places.push(place);
    at = next;
  }
  return places;
}

/** Takes the numbers that don't fit into 32 bits from the extra field of 64-bit ones, which holds them in this order. */
function widen(place: Place, view: DataView, at: number, length: number): void {
  for (let field = at; field + 4 <= at + length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    const end = Math.min(at + length, field + 4 + view.getUint16(field + 2, true));
    let next = field + 4;
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (place[key] !== 0xffffffff || next + 8 > end) continue;
      place[key] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
}

/** Refuses files that share bytes, by which a small archive could unpack to any size. */
function checkDisjoint(places: readonly Place[], length: number, name: string): void {
  let end = 0;
  for (const { offset, packed } of [...places].sort((a, b) => a.offset - b.offset)) {
    demandZip(offset >= end, name, 'has files that overlap');
    end = offset + 30 + packed;
    demandZip(end <= length, name, 'is cut short');
  }
}

function unpack(bytes: Uint8Array, view: DataView, place: Place, archive: string): Uint8Array {
  const { offset, packed, size, method, flags, crc } = place;
  const name = `${archive}, ${place.name}`;
  demandZip((flags & 1) === 0, name, 'is encrypted');
  demandZip(view.getUint32(offset, true) === 0x04034b50, name, 'has no file where the directory says so');
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  demandZip(start + packed <= bytes.length, name, 'is cut short');
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + start, packed);
  const unpacked = method === 0 ? data : inflated(data, method, size, name);
  demandZip(unpacked.length === size, name, `has ${unpacked.length} bytes where the directory says ${size}`);
  demandZip(crc32(unpacked) === crc, name, 'has a wrong checksum');
  return unpacked;
}

function inflated(data: Uint8Array, method: number, size: number, name: string): Uint8Array {
  demandZip(
    method === 8,
    name,
    `is packed by method ${method}, where stored and deflate are known: pack it anew`,
  );
  demandZip(
    size <= data.length * maxDeflateRatio + 1,
    name,
    `can't unpack to the ${size} bytes that it declares`,
  );
  demandZip(size <= maxUnpacked, name, `unpacks to ${size} bytes, more than are read: store it unpacked`);
  const fail = (found: string) =>
    new DistillError('bad-file', `${name}: the ZIP file ${found}; get it again`);
  return inflate(data, { from: 0, expected: size, most: size, fail }).data;
}

/**
 * Writes an archive of files as they are, not packed; the same bytes for the same arguments, as all are dated 1980.
 * @throws DistillError 'bad-argument' from 4 GiB on
 */
export function encodeZip(files: readonly { name: string; bytes: Uint8Array }[]): Bytes {
  const heads = files.map(({ name, bytes }) => ({
    name: new TextEncoder().encode(name),
    bytes,
    crc: crc32(bytes),
  }));
  const size = heads.reduce((sum, { name, bytes }) => sum + 76 + 2 * name.length + bytes.length, 22);
  demand(
    size < 2 ** 32 && files.length < 65_535,
    () => `${files.length} files of ${size} bytes are more than a ZIP of 32 bits holds: write several`,
  );
  const archive = new Uint8Array(size);
  const view = new DataView(archive.buffer);
  let at = 0;
  const offsets = heads.map((head) => {
    const offset = at;
    view.setUint32(at, 0x04034b50, true);
    at = writeHead(view, at + 4, head) + 2;
    archive.set(head.name, at);
    archive.set(head.bytes, at + head.name.length);
    at += head.name.length + head.bytes.length;
    return offset;
  });
  const directory = at;
  for (const [i, head] of heads.entries()) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    writeHead(view, at + 6, head);
    view.setUint32(at + 42, offsets[i]!, true);
    archive.set(head.name, at + 46);
    at += 46 + head.name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, heads.length, true);
  view.setUint16(at + 10, heads.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return archive;
}

/** What a local header and one of the directory have in common, from the version to the name's length; where it ends. */
function writeHead(
  view: DataView,
  at: number,
  { name, bytes, crc }: { name: Uint8Array; bytes: Uint8Array; crc: number },
): number {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x800, true); // names are UTF-8
  view.setUint16(at + 8, 0x21, true); // the first day of 1980
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, bytes.length, true);
  view.setUint32(at + 18, bytes.length, true);
  view.setUint16(at + 22, name.length, true);
  return at + 24;
}

function demandZip(condition: boolean, name: string, found: string): asserts condition {
  demand(condition, () => `${name}: the ZIP file ${found}; get it again or pack it anew`, 'bad-file');
}
