import { expect, test } from 'vitest';
import { log } from '#library/logarithm.js';

/** The greatest deviation from the engine's, as a part of the value. */
function worst(values: readonly number[]): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(log(x) / Math.log(x) - 1)), 0);
}

test('the logarithm is that of the engine to a part in 10¹⁵, in every binade, subnormal ones too', () => {
  for (let exponent = -1074; exponent < 1024; exponent++) {
    const values = Array.from({ length: 64 }, (_, i) => (1 + i / 64) * 2 ** exponent);
    expect(worst(values.filter((x) => x !== 1)), `2^${exponent}`).toBeLessThan(1e-15);
  }
});

test('beside 1, where it is nearly 0, it is as exact', () => {
  for (let i = 1; i < 2000; i++) {
    const values = [1 + i * 2 ** -52, 1 - i * 2 ** -53, 1 + i / 2000, 1 - i / 2001, i * 5e-324];
    expect(worst(values), String(i)).toBeLessThan(1e-15);
  }
});

test('powers of two, and what has none', () => {
  for (let exponent = -1074; exponent < 1024; exponent++)
    expect(log(2 ** exponent)).toBe(Math.log(2 ** exponent));
  expect([0, -0, -1, Number.NaN, Infinity, -Infinity].map(log)).toEqual([
    ...[-Infinity, -Infinity, Number.NaN, Number.NaN, Infinity, Number.NaN],
  ]);
});
