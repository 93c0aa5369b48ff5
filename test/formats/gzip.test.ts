import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gunzip } from '#library/formats/gzip.js';
import { inflate } from '#library/formats/inflate.js';
import { faultOf } from '../support/faults.js';

/** Bytes that compress somewhat: repeats at all distances among noise. */
function texture(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = 1; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const back = state % 40_000;
    bytes[i] = state >>> 28 > 2 && back < i ? bytes[i - back]! : state >>> 24;
  }
  return bytes;
}

const fail = (found: string) => new Error(found);

describe('inflate', () => {
  test('unpacks what zlib packs, by every strategy and level', () => {
    const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY } = constants;
    for (const length of [0, 1, 2, 300, 70_000, 300_000])
      for (const strategy of [Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY])
        for (const level of [0, 1, 9]) {
          const bytes = texture(length);
          const packed = deflateRawSync(bytes, { strategy, level });
          const { data, end } = inflate(packed, { from: 0, expected: 0, most: length, fail });
          expect(Buffer.compare(data, bytes)).toBe(0);
          expect(end).toBe(packed.length);
        }
  });

  test('says where the stream ends, and stops at the most', () => {
    const packed = deflateRawSync(new Uint8Array(100_000));
    const inside = Uint8Array.of(1, 2, 3, ...packed, 9, 9, 9);
    const { end } = inflate(inside, { from: 3, expected: 10, most: 100_000, fail });
    expect(end).toBe(3 + packed.length);
    expect(() => inflate(packed, { from: 0, expected: 0, most: 99_999, fail })).toThrow(
      'unpacks to more than the 99999 bytes',
    );
  });

  test('refuses every truncation', () => {
    const packed = deflateRawSync(texture(2000));
    for (let length = 0; length < packed.length; length++)
      expect(() => inflate(packed.subarray(0, length), { from: 0, expected: 0, most: 2000, fail })).toThrow(
        Error,
      );
  });
});

describe('gunzip', () => {
  test('joins members, and passes over zeros after the last', () => {
    const members = [texture(10), new Uint8Array(0), texture(5000)].map((bytes) => gzipSync(bytes));
    const padded = Uint8Array.from([...members.flatMap((member) => [...member]), ...new Uint8Array(512)]);
    expect(gunzip(padded, 'x.gz')).toEqual(Uint8Array.of(...texture(10), ...texture(5000)));
  });

  test('passes over extra field, name, comment and checksum of the header', () => {
    const plain = gzipSync(Buffer.from('hello'));
    const extras = [3, 0, 1, 2, 3, 0x61, 0x2e, 0x74, 0, 0x62, 0, 7, 7];
    const packed = Uint8Array.of(...plain.subarray(0, 10), ...extras, ...plain.subarray(10));
    packed[3] = 2 + 4 + 8 + 16;
    expect(Buffer.from(gunzip(packed, 'x.gz')).toString()).toBe('hello');
  });

  test('refuses a second member that is damaged, and junk', async () => {
    const [first, second] = [gzipSync(texture(99)), gzipSync(texture(50))];
    second[second.length - 6]! ^= 1;
    const damaged = await faultOf(() => gunzip(Buffer.concat([first, second]), 'x.gz'));
    expect(damaged.message).toBe(
      "x.gz: the gzip file can't be unpacked: its checksum is wrong; get or pack it again",
    );
    const junk = await faultOf(() => gunzip(Uint8Array.of(...first, 0, 1, 0, 0), 'x.gz'));
    expect(junk.code).toBe('bad-file');
  });

  test('unpacks to what was packed, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(gunzip(gzipSync(bytes), 'x.gz')).toEqual(bytes);
      }),
    );
  });
});
