/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3" (SC 2011): random words are a function of (seed, stream, step, element) alone, so any thread can generate any of
 * them in any order.
 *
 * Four blocks at a time, one in each lane: words(group) leaves 16 words, where element e of an array takes group e / 16,
 * word (e / 4) mod 4 of the block in lane e mod 4.
 * Counter = (block, step, stream's index, stream's kind), key = (seed, 0).
 */

// @ts-ignore: decorator
@inline function high(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}

/** Generates the 16 words of a group and stores them at `to`. */
export function randomWords(seed: u32, kind: u32, index: u32, step: u32, group: u32, to: usize): void {
  const m0 = i32x4.splat(<i32>0xd2511f53);
  const m1 = i32x4.splat(<i32>0xcd9e8d57);
  const weyl0 = i32x4.splat(<i32>0x9e3779b9);
  const weyl1 = i32x4.splat(<i32>0xbb67ae85);
  let x0 = i32x4.add(i32x4.splat(<i32>(group << 2)), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(<i32>step);
  let x2 = i32x4.splat(<i32>index);
  let x3 = i32x4.splat(<i32>kind);
  let k0 = i32x4.splat(<i32>seed);
  let k1 = i32x4.splat(0);
  for (let round = 0; round < 10; round++) {
    const y0 = v128.xor(v128.xor(high(x2, m1), x1), k0);
    const y1 = i32x4.mul(x2, m1);
    const y2 = v128.xor(v128.xor(high(x0, m0), x3), k1);
    const y3 = i32x4.mul(x0, m0);
    x0 = y0;
    x1 = y1;
    x2 = y2;
    x3 = y3;
    k0 = i32x4.add(k0, weyl0);
    k1 = i32x4.add(k1, weyl1);
  }
  v128.store(to, x0);
  v128.store(to, x1, 16);
  v128.store(to, x2, 32);
  v128.store(to, x3, 48);
}
