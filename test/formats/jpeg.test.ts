import { describe, expect, test } from 'vitest';
import { DistillError } from '#library/errors.js';
import { decodeJpeg } from '#library/formats/jpeg/decode.js';
import { bytesOf, goldenImages, imageOf } from '../support/golden-images.js';

function fileOf(name: string): Uint8Array {
  return bytesOf(goldenImages.jpeg.find((golden) => golden.name === name)!.file);
}

/** Where a marker's two bytes lie. */
function find(bytes: Uint8Array, marker: number): number {
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
  expect(at).toBeGreaterThan(0);
  return at;
}

/** The file with some bytes from a marker on replaced. */
function patched(name: string, marker: number, offset: number, ...values: number[]): Uint8Array {
  const bytes = fileOf(name);
  bytes.set(values, find(bytes, marker) + offset);
  return bytes;
}

describe('a JPEG', () => {
  test.each(goldenImages.jpeg)('of $name has Pillow’s pixels', ({ file, channels, pixels }) => {
    expect(decodeJpeg(bytesOf(file), 'a.jpg')).toEqual(imageOf(pixels, channels));
  });

  test('without its end marker, or with bytes behind it, is read', () => {
    const bytes = fileOf('gray');
    const whole = decodeJpeg(bytes, 'a.jpg');
    expect(decodeJpeg(bytes.subarray(0, bytes.length - 2), 'a.jpg')).toEqual(whole);
    expect(decodeJpeg(new Uint8Array([...bytes, 1, 2, 3]), 'a.jpg')).toEqual(whole);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['without its signature', Uint8Array.of(1, 2, 3), /starts as no JPEG does/],
    ['without a picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /no picture/],
    ['of arithmetic codes', patched('gray', 0xc0, 1, 0xc9), /arithmetically coded/],
    ['without losses', patched('gray', 0xc0, 1, 0xc3), /lossless/],
    ['of 12 bits', patched('gray', 0xc0, 4, 12), /12 bits where 8 are read/],
    ['of no height', patched('gray', 0xc0, 5, 0, 0), /22 × 0 pixels/],
    ['of a size that its bytes can’t hold', patched('gray', 0xc0, 5, 0xff, 0xff, 0x0a, 0xaa), /can't hold/],
    [
      'of fractional sampling',
      patched('4:4:4, quality 75', 0xc0, 11, 0x31, 1, 2, 0x21),
      /no whole fractions/,
    ],
    ['of a scan of another component', patched('gray', 0xda, 5, 9), /component that it lacks/],
    [
      'cut in its picture',
      fileOf('32 × 32 as in CIFAR-10').subarray(0, 800),
      /ends in the midst|lacks|missing/,
    ],
    ['cut between scans', cutAtSecondScan(), /some of its scans are missing/],
  ])('%s is refused', (_, bytes, message) => {
    const decode = () => decodeJpeg(bytes, 'a.jpg');
    expect(decode).toThrow(DistillError);
    expect(decode).toThrow(message);
    expect(decode).toThrow(/^a\.jpg: the JPEG /);
  });

  test('cut short anywhere in its picture is refused', () => {
    for (const name of ['4:2:0, quality 75', '4:2:0, progressive', 'restarts']) {
      const bytes = fileOf(name);
      for (let end = 0; end < bytes.length - 3; end += 7)
        expect(() => decodeJpeg(bytes.subarray(0, end), 'a.jpg'), `${name}, ${end} bytes`).toThrow(
          DistillError,
        );
    }
  });
});

function cutAtSecondScan(): Uint8Array {
  const bytes = fileOf('gray, progressive');
  const first = find(bytes, 0xda);
  return bytes.subarray(0, first + 2 + find(bytes.subarray(first + 2), 0xda));
}
