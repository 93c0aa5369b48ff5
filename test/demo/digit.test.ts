import { expect, test } from 'vitest';
import { loadMnist } from 'wasm-distill';
import { sampleAt } from 'wasm-distill/data';
import { asMnist } from '../../demo/digit.ts';

test('nothing drawn is no digit', () => {
  expect(asMnist({ ink: new Uint8Array(100), width: 10, height: 10 })).toBeUndefined();
});

test('a wide bar is scaled to 20 pixels and centered, wherever and however large it was drawn', () => {
  const bar = (left: number, top: number, length: number, thick: number) => {
    const ink = new Uint8Array(280 * 280);
    for (let y = top; y < top + thick; y++) ink.fill(255, y * 280 + left, y * 280 + left + length);
    return asMnist({ ink, width: 280, height: 280 })!;
  };
  const expected = new Uint8Array(28 * 28);
  for (const row of [14, 15]) expected.fill(255, row * 28 + 5, row * 28 + 25);
  expect(bar(10, 200, 200, 20)).toEqual(expected);
  expect(bar(150, 3, 100, 10)).toEqual(expected);
});

test('a dot in a corner is made as large as any digit', () => {
  const ink = new Uint8Array(280 * 280);
  ink[0] = 255;
  const digit = asMnist({ ink, width: 280, height: 280 })!;
  expect(digit.filter((value) => value === 255)).toHaveLength(400);
  expect(digit[5 * 28 + 5]).toBe(255);
});

test('digits of MNIST, magnified and moved, come back as they were', async () => {
  const { test: images } = await loadMnist();
  for (let n = 0; n < 200; n++) {
    const image = sampleAt(images, n);
    const ink = new Uint8Array(280 * 280);
    for (let y = 0; y < 252; y++)
      for (let x = 0; x < 252; x++)
        ink[(y + 20) * 280 + x + 28] = image[Math.floor(y / 9) * 28 + Math.floor(x / 9)]!;
    expect(asMnist({ ink, width: 280, height: 280 }), `image ${n}`).toEqual(image);
  }
});
