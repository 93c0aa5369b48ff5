import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DistillError } from '#library/errors.js';
import { decodePng } from '#library/formats/png/decode.js';
import { faultOf } from '../support/faults.js';
import { bytesOf, goldenImages, imageOf } from '../support/golden-images.js';
import { pngChunk as chunk } from '../support/png.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);

function header(width: number, height: number, depth = 8, color = 0): Uint8Array {
  const body = new Uint8Array(13);
  new DataView(body.buffer).setUint32(0, width);
  new DataView(body.buffer).setUint32(4, height);
  body.set([depth, color, 0, 0, 0], 8);
  return chunk('IHDR', body);
}

const png = (...chunks: Uint8Array[]) => new Uint8Array(Buffer.concat([SIGNATURE, ...chunks]));
const data = (...bytes: number[]) => chunk('IDAT', deflateSync(Uint8Array.from(bytes)));
const END = chunk('IEND', new Uint8Array(0));

describe('a PNG', () => {
  test.each(goldenImages.png)('of $name has Pillow’s pixels', ({ file, channels, pixels }) => {
    expect(decodePng(bytesOf(file), 'a.png')).toEqual(imageOf(pixels, channels));
  });

  test('from a view into other bytes, with bytes behind its end', () => {
    const { file, channels, pixels } = goldenImages.png[0]!;
    const inside = new Uint8Array(Buffer.concat([Buffer.alloc(5), bytesOf(file), Buffer.alloc(9)])).subarray(
      5,
    );
    expect(decodePng(inside, 'a.png')).toEqual(imageOf(pixels, channels));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['without its signature', Uint8Array.of(1, 2, 3), /starts as no PNG does/],
    ['without a header', png(END), /starts with the chunk IEND where IHDR is due/],
    ['with two headers', png(header(1, 1), header(1, 1), END), /two headers/],
    ['without a picture', png(header(1, 1), END), /no picture/],
    ['without an end', png(header(1, 1), data(0, 7)), /cut short/],
    ['cut inside a chunk', png(header(1, 1), data(0, 7), END).subarray(0, 50), /cut short/],
    ['of a size that its bytes can’t hold', png(header(10_000, 10_000), data(0, 7), END), /can't hold/],
    ['of too many pixels', png(header(100_000, 100_000), data(0), END), /10000000000|100000 × 100000 pixels/],
    ['of no pixels', png(header(0, 1), data(0), END), /0 × 1 pixels/],
    ['of a depth that isn’t', png(header(1, 1, 3), data(0, 7), END), /color type 0 with 3 bits/],
    ['of a color type that isn’t', png(header(1, 1, 8, 5), data(0, 7), END), /color type 5/],
    ['with a filter that isn’t', png(header(1, 1), data(5, 7), END), /filter 5/],
    ['with more pixels than it declares', png(header(1, 1), data(0, 7, 0, 8), END), /more than the 2 bytes/],
    ['with too few pixels', png(header(2, 2), data(0, 7), END), /unpacks to 2 bytes where 6 are needed/],
    ['with no palette', png(header(1, 1, 8, 3), data(0, 7), END), /no palette/],
    [
      'with a color outside the palette',
      png(header(1, 1, 8, 3), chunk('PLTE', new Uint8Array(6)), data(0, 2), END),
      /color 2 of a palette of 2/,
    ],
    [
      'with an unknown critical chunk',
      png(header(1, 1), chunk('ABCD', new Uint8Array(1)), END),
      /chunk ABCD/,
    ],
    [
      'whose pixels aren’t deflate',
      png(header(1, 1), chunk('IDAT', Uint8Array.of(1, 2, 3)), END),
      /no zlib stream/,
    ],
  ])('%s is refused', async (_, bytes, message) => {
    const fault = await faultOf(() => decodePng(bytes, 'a.png'));
    expect(fault.code).toBe('bad-file');
    expect(fault.message).toMatch(message);
    expect(fault.message).toMatch(/^a\.png: /);
  });

  test('with a bit flipped anywhere is refused', () => {
    const bytes = bytesOf(goldenImages.png[5]!.file);
    for (let at = 8; at < bytes.length; at++) {
      const other = bytes.slice();
      other[at]! ^= 4;
      expect(() => decodePng(other, 'a.png'), `byte ${at}`).toThrow(DistillError);
    }
  });
});
