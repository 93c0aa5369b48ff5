import type { Bytes } from '../arrays.js';

/**
 * Inflate (RFC 1951) of our own, not a DecompressionStream: that doesn't say where a stream ends, which gzip of several
 * members needs, and one for each of 60,000 small images takes longer than unpacking them.
 */

/** Symbols of Huffman codes by the next `bits` bits: symbol · 16 + length of its code, 0 where there is no code. */
interface Codes {
  readonly bits: number;
  readonly entries: Uint16Array;
}

export interface InflateOptions {
  /** Where in the bytes the stream begins. */
  from: number;
  /** How many bytes it unpacks to, as far as is known; memory for so many is taken at once. */
  expected: number;
  /** More than so many are refused. */
  most: number;
  /** Makes the error from what is wrong, as in "is cut short". */
  fail: (found: string) => Error;
}

/** Extra bits of the lengths and of the distances, by symbol from 257 and from 0; what comes first by adding up. */
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Unpacks one deflate stream. `end` is where in the bytes it ends. Throws what `fail` makes. */
export function inflate(
  bytes: Uint8Array,
  { from, expected, most, fail }: InflateOptions,
): { data: Bytes; end: number } {
  const lengthBase = basesOf(lengthExtra, 3);
  lengthBase[28] = 258;
  const distanceBase = basesOf(distanceExtra, 1);
  const last = bytes.length * 8;
  let out = new Uint8Array(Math.min(expected, most));
  let filled = 0;
  let bit = from * 8;

  /** The next 17 bits or more; what lies past the end reads as 0 and is refused once it is used up. */
  const peek = () => {
    const at = bit >>> 3;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) >>> (bit & 7);
  };
  const take = (count: number) => {
    const value = peek() & ((1 << count) - 1);
    bit += count;
    return value;
  };
  const symbol = ({ bits, entries }: Codes) => {
    const entry = entries[peek() & ((1 << bits) - 1)]!;
    if (entry === 0) throw fail('has a code that means nothing');
    bit += entry & 15;
    return entry >>> 4;
  };
  const room = (count: number) => {
    if (filled + count <= out.length) return;
    if (filled + count > most) throw fail(`unpacks to more than the ${most} bytes that are read at most`);
    const larger = new Uint8Array(Math.min(most, Math.max(filled + count, 2 * out.length, 4096)));
    larger.set(out);
    out = larger;
  };

  const copyStored = () => {
    const at = (bit + 7) >>> 3;
    const length = bytes[at]! | (bytes[at + 1]! << 8);
    if (at + 4 + length > bytes.length) throw fail('is cut short');
    if ((length ^ 0xffff) !== (bytes[at + 2]! | (bytes[at + 3]! << 8)))
      throw fail('has a damaged stored block');
    room(length);
    out.set(bytes.subarray(at + 4, at + 4 + length), filled);
    filled += length;
    bit = (at + 4 + length) * 8;
  };

  const readCodes = (): readonly [Codes, Codes] => {
    const literals = take(5) + 257;
    const distances = take(5) + 1;
    const lengths = new Uint8Array(19);
    for (let i = take(4) + 4, k = 0; k < i; k++) lengths[codeLengthOrder[k]!] = take(3);
    const codes = codesOf(lengths, fail);
    const all = new Uint8Array(literals + distances);
    for (let i = 0; i < all.length; ) {
      const next = symbol(codes);
      if (next < 16) {
        all[i++] = next;
        continue;
      }
      const repeats = next === 16 ? 3 + take(2) : next === 17 ? 3 + take(3) : 11 + take(7);
      if (i + repeats > all.length || (next === 16 && i === 0)) throw fail('has damaged code lengths');
      all.fill(next === 16 ? all[i - 1]! : 0, i, i + repeats);
      i += repeats;
    }
    if (bit > last) throw fail('is cut short');
    return [codesOf(all.subarray(0, literals), fail), codesOf(all.subarray(literals), fail)];
  };

  const unpack = ([literals, distances]: readonly [Codes, Codes]) => {
    for (;;) {
      const next = symbol(literals);
      if (bit > last) throw fail('is cut short');
      if (next < 256) {
        if (filled === out.length) room(1);
        out[filled++] = next;
        continue;
      }
      if (next === 256) return;
      if (next > 285) throw fail('has a code that means nothing');
      const length = lengthBase[next - 257]! + take(lengthExtra[next - 257]!);
      const reach = symbol(distances);
      if (reach > 29) throw fail('has a code that means nothing');
      const distance = distanceBase[reach]! + take(distanceExtra[reach]!);
      if (distance > filled) throw fail('refers to what comes before its start');
      room(length);
      // Byte by byte, as the copy may read what it has written.
      for (const end = filled + length; filled < end; filled++) out[filled] = out[filled - distance]!;
    }
  };

  for (let final = 0; final === 0; ) {
    final = take(1);
    const kind = take(2);
    if (bit > last) throw fail('is cut short');
    if (kind === 0) copyStored();
    else if (kind === 1) unpack(fixedCodes(fail));
    else if (kind === 2) unpack(readCodes());
    else throw fail('has a block of an unknown kind');
  }
  return { data: filled === out.length ? out : out.subarray(0, filled), end: (bit + 7) >>> 3 };
}

function basesOf(extra: readonly number[], first: number): Int32Array {
  const bases = new Int32Array(extra.length);
  let next = first;
  for (const [i, bits] of extra.entries()) {
    bases[i] = next;
    next += 1 << bits;
  }
  return bases;
}

function fixedCodes(fail: InflateOptions['fail']): readonly [Codes, Codes] {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  return [codesOf(lengths, fail), codesOf(new Uint8Array(32).fill(5), fail)];
}

/** Canonical Huffman codes by their lengths. Incomplete ones are those of a single symbol, as zlib has it. */
function codesOf(lengths: Uint8Array, fail: InflateOptions['fail']): Codes {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const bits = counts.reduce((longest, count, length) => (count > 0 ? length : longest), 1);
  const starts = new Uint16Array(17);
  let free = 1;
  for (let length = 1; length <= 15; length++) {
    free = 2 * free - counts[length]!;
    if (free < 0) throw fail('has damaged code lengths');
    starts[length + 1] = (starts[length]! + counts[length]!) << 1;
  }
  if (free > 0 && bits > 1) throw fail('has damaged code lengths');

  const entries = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    let reversed = 0;
    for (let code = starts[length]!++, k = 0; k < length; k++, code >>>= 1)
      reversed = (reversed << 1) | (code & 1);
    for (let at = reversed; at < entries.length; at += 1 << length) entries[at] = (symbol << 4) | length;
  }
  return { bits, entries };
}
