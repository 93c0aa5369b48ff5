import { describe, expect, test } from 'vitest';
import { convertImage } from '#library/formats/image.js';
import { cropImage, resizeImage } from '#library/formats/resize.js';
import { goldenImages, imageOf } from '../support/golden-images.js';

describe('resizing', () => {
  test.each(goldenImages.resize)('$name has Pillow’s bits', ({ channels, from, resized, cropped }) => {
    const image = imageOf(from, channels);
    expect(resizeImage(image, resized.height, resized.width)).toEqual(imageOf(resized, channels));
    expect(cropImage(image, cropped.height, cropped.width)).toEqual(imageOf(cropped, channels));
  });

  test('refuses sizes that are none, and alpha', () => {
    const image = { height: 1, width: 2, channels: 1, data: new Uint8Array(2) } as const;
    expect(() => resizeImage(image, 0, 4)).toThrow(/the height to resize to must be a whole number/);
    expect(() => resizeImage(image, 4, 1.5)).toThrow(/the width/);
    expect(() => resizeImage(image, 1e5, 1e5)).toThrow(/can't resize to 100000 × 100000 pixels/);
    expect(() => resizeImage({ ...image, channels: 2, width: 1 }, 2, 2)).toThrow(/convert it first/);
    expect(() => resizeImage({ ...image, width: 3 }, 2, 2)).toThrow(/2 bytes where 1 × 3 × 1 are 3/);
  });
});

describe('conversion', () => {
  test('to gray has Pillow’s bits', () => {
    const { from, gray } = goldenImages.gray;
    expect(convertImage(imageOf(from, 3), 1)).toEqual(imageOf(gray, 1));
  });

  test('drops alpha, and repeats gray as colors', () => {
    const pixel = (channels: 1 | 2 | 3 | 4, ...data: number[]) => ({
      ...{ height: 1, width: 1, channels },
      data: Uint8Array.from(data),
    });
    expect(convertImage(pixel(4, 9, 8, 7, 0), 3)).toEqual(pixel(3, 9, 8, 7));
    expect(convertImage(pixel(2, 9, 0), 1)).toEqual(pixel(1, 9));
    expect(convertImage(pixel(2, 9, 0), 3)).toEqual(pixel(3, 9, 9, 9));
    expect(convertImage(pixel(1, 9), 3)).toEqual(pixel(3, 9, 9, 9));
    expect(convertImage(pixel(4, 255, 255, 255, 0), 1)).toEqual(pixel(1, 255));
  });
});
