import type { Component } from './markers.js';

// Constants of the inverse cosine transform, times 2¹³: libjpeg's jidctint.c ("islow"), after Loeffler, Ligtenberg and
// Moschytz. Its results are what JPEG means for Pillow, and so for every teacher that was trained with it.
const F_0_298 = 2446;
const F_0_390 = 3196;
const F_0_541 = 4433;
const F_0_765 = 6270;
const F_0_899 = 7373;
const F_1_175 = 9633;
const F_1_501 = 12299;
const F_1_847 = 15137;
const F_1_961 = 16069;
const F_2_053 = 16819;
const F_2_562 = 20995;
const F_3_072 = 25172;

/** The samples of a component, whole blocks: [8 blocksHigh, 8 blocksWide]. */
export function samplesOf(component: Component, table: Uint16Array): Uint8Array {
  const { blocksWide, blocksHigh, coefficients } = component;
  const stride = 8 * blocksWide;
  const out = new Uint8ClampedArray(stride * 8 * blocksHigh);
  const values = new Int32Array(64);
  for (let y = 0, at = 0; y < blocksHigh; y++)
    for (let x = 0; x < blocksWide; x++, at += 64) {
      for (let i = 0; i < 64; i++) values[i] = coefficients[at + i]! * table[i]!;
      for (let column = 0; column < 8; column++) transform(values, column, 8, 11);
      for (let row = 0; row < 8; row++) transform(values, 8 * row, 1, 18);
      let to = y * 8 * stride + x * 8;
      for (let row = 0; row < 8; row++, to += stride)
        for (let i = 0; i < 8; i++) out[to + i] = values[8 * row + i]! + 128;
    }
  return new Uint8Array(out.buffer);
}

/** 8 values, `step` apart, in place; `shift` bits are rounded off. */
function transform(v: Int32Array, at: number, step: number, shift: number): void {
  const half = 1 << (shift - 1);
  const v0 = v[at]!;
  const v1 = v[at + step]!;
  const v2 = v[at + 2 * step]!;
  const v3 = v[at + 3 * step]!;
  const v4 = v[at + 4 * step]!;
  const v5 = v[at + 5 * step]!;
  const v6 = v[at + 6 * step]!;
  const v7 = v[at + 7 * step]!;

  const z1 = Math.imul(v2 + v6, F_0_541);
  const even2 = z1 - Math.imul(v6, F_1_847);
  const even3 = z1 + Math.imul(v2, F_0_765);
  const even0 = (v0 + v4) << 13;
  const even1 = (v0 - v4) << 13;
  const t10 = even0 + even3 + half;
  const t13 = even0 - even3 + half;
  const t11 = even1 + even2 + half;
  const t12 = even1 - even2 + half;

  const z5 = Math.imul(v7 + v3 + v5 + v1, F_1_175);
  const a = -Math.imul(v7 + v1, F_0_899);
  const b = -Math.imul(v5 + v3, F_2_562);
  const c = z5 - Math.imul(v7 + v3, F_1_961);
  const d = z5 - Math.imul(v5 + v1, F_0_390);
  const t0 = Math.imul(v7, F_0_298) + a + c;
  const t1 = Math.imul(v5, F_2_053) + b + d;
  const t2 = Math.imul(v3, F_3_072) + b + c;
  const t3 = Math.imul(v1, F_1_501) + a + d;

  v[at] = (t10 + t3) >> shift;
  v[at + 7 * step] = (t10 - t3) >> shift;
  v[at + step] = (t11 + t2) >> shift;
  v[at + 6 * step] = (t11 - t2) >> shift;
  v[at + 2 * step] = (t12 + t1) >> shift;
  v[at + 5 * step] = (t12 - t1) >> shift;
  v[at + 3 * step] = (t13 + t0) >> shift;
  v[at + 4 * step] = (t13 - t0) >> shift;
}
