import { expect, test } from 'vitest';
import { smallFloats, valuesOf } from '#library/formats/small-floats.js';
import { f16Bits } from '#library/teachers/onnx/f16.js';

test('every f16 comes back, what lies between two goes to the nearer one, and ties to the even one', () => {
  const all = valuesOf(smallFloats.F16);
  for (let bits = 0; bits < 0x7c00; bits++) {
    const value = all[bits]!;
    expect(f16Bits(value)).toBe(bits);
    expect(f16Bits(-value)).toBe(bits | 0x8000);
    if (bits + 1 === 0x7c00) break;
    const step = all[bits + 1]! - value;
    expect(f16Bits(value + step * 0.49)).toBe(bits);
    expect(f16Bits(value + step * 0.51)).toBe(bits + 1);
    expect(f16Bits(value + step / 2)).toBe(bits % 2 === 0 ? bits : bits + 1);
  }
  expect([65519, 65520, Infinity, Number.NaN].map(f16Bits)).toEqual([0x7bff, 0x7c00, 0x7c00, 0x7e00]);
});
