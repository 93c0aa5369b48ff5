/**
 * Probes of what this core can do: the limits that kernels are measured against. Compiled by the benchmark, not part of
 * the library.
 */

/** a·b + c, fused where the probe is compiled for relaxed SIMD as the fast build is. */
// @ts-ignore: decorator
@inline function multiplyThenAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Multiply + add on registers alone, 12 independent chains (fewer don't cover the latency of both): 96 flops a turn. */
export function multiplyAdd(turns: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let c0 = a,
    c1 = a,
    c2 = a,
    c3 = a,
    c4 = a,
    c5 = a,
    c6 = a,
    c7 = a,
    c8 = a,
    c9 = a,
    c10 = a,
    c11 = a;
  for (let i = 0; i < turns; i++) {
    c0 = multiplyThenAdd(c0, b, a);
    c1 = multiplyThenAdd(c1, b, a);
    c2 = multiplyThenAdd(c2, b, a);
    c3 = multiplyThenAdd(c3, b, a);
    c4 = multiplyThenAdd(c4, b, a);
    c5 = multiplyThenAdd(c5, b, a);
    c6 = multiplyThenAdd(c6, b, a);
    c7 = multiplyThenAdd(c7, b, a);
    c8 = multiplyThenAdd(c8, b, a);
    c9 = multiplyThenAdd(c9, b, a);
    c10 = multiplyThenAdd(c10, b, a);
    c11 = multiplyThenAdd(c11, b, a);
  }
  c0 = f32x4.add(
    f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)),
  );
  c0 = f32x4.add(c0, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11)));
  return f32x4.extract_lane(c0, 0);
}

/** Reads `bytes` (a multiple of 64) from `from` in four streams' worth of sums. */
export function readAll(from: usize, bytes: usize): f32 {
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a;
  const end = from + bytes;
  while (from < end) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
    from += 64;
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}

/** Copies `bytes` (a multiple of 64) by whole vectors. */
export function copyAll(from: usize, to: usize, bytes: usize): void {
  const end = from + bytes;
  while (from < end) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += 64;
    to += 64;
  }
}
