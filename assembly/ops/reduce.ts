import { Limit, ReduceField as F, ReduceKind } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/**
 * y[o, i] = Σ_r x[o, r, i], or the maximum. Each sum has a fixed order: with inner = 1 four lanes take every fourth
 * element and are then added pairwise; otherwise plain, in the order of r.
 */
export function reduce(at: usize, lo: i32, hi: i32): void {
  if (word(at, F.kind) == ReduceKind.sum) run<Sum>(at, lo, hi);
  else run<Max>(at, lo, hi);
}

class Sum {}
class Max {}

// @ts-ignore: decorator
@inline function join<Kind>(a: v128, b: v128): v128 {
  if (idof<Kind>() == idof<Sum>()) return f32x4.add(a, b);
  // `a < b ? b : a` keeps a NaN that is already in a; the first test lets one in b replace it.
  return v128.bitselect(f32x4.pmax(a, b), b, f32x4.eq(b, b));
}

// @ts-ignore: decorator
@inline function neutral<Kind>(): f32 {
  return idof<Kind>() == idof<Sum>() ? 0 : -Infinity;
}

function run<Kind>(at: usize, lo: i32, hi: i32): void {
  const length = word(at, F.length);
  const inner = word(at, F.inner);
  const x = address(at, F.x);
  const y = address(at, F.y);
  if (inner == 1) {
    for (let o = lo; o < hi; o++) store<f32>(y + (<usize>o << 2), along<Kind>(x + ((<usize>o * length) << 2), length));
    return;
  }
  const strips = (inner + Limit.elements - 1) / Limit.elements;
  for (let t = lo; t < hi; t++) {
    const o = t / strips;
    const i = (t % strips) * Limit.elements;
    const width = min(Limit.elements, inner - i);
    across<Kind>(x + ((<usize>o * length * inner + i) << 2), length, <usize>inner << 2, width, y + ((<usize>o * inner + i) << 2));
  }
}

/** One row of `length` elements side by side. */
function along<Kind>(x: usize, length: i32): f32 {
  let sum = f32x4.splat(neutral<Kind>());
  let r = 0;
  for (; r + 4 <= length; r += 4) {
    sum = join<Kind>(sum, v128.load(x));
    x += 16;
  }
  sum = join<Kind>(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  sum = join<Kind>(sum, v128.shuffle<i32>(sum, sum, 1, 0, 3, 2));
  for (; r < length; r++) {
    sum = join<Kind>(sum, v128.load32_splat(x));
    x += 4;
  }
  return f32x4.extract_lane(sum, 0);
}

/** `width` columns, each with `stride` bytes between its elements. */
function across<Kind>(x: usize, length: i32, stride: usize, width: i32, y: usize): void {
  if (width == Limit.elements) return acrossLine<Kind>(x, length, stride, y);
  let i = 0;
  for (; i + 4 <= width; i += 4) {
    let sum = f32x4.splat(neutral<Kind>());
    let from = x;
    for (let r = 0; r < length; r++) {
      sum = join<Kind>(sum, v128.load(from));
      from += stride;
    }
    v128.store(y, sum);
    x += 16;
    y += 16;
  }
  for (; i < width; i++) {
    let sum = f32x4.splat(neutral<Kind>());
    let from = x;
    for (let r = 0; r < length; r++) {
      sum = join<Kind>(sum, v128.load32_zero(from));
      from += stride;
    }
    store<f32>(y, f32x4.extract_lane(sum, 0));
    x += 4;
    y += 4;
  }
}

/** The same for a cache line's columns, all at once. */
function acrossLine<Kind>(x: usize, length: i32, stride: usize, y: usize): void {
  let s0 = f32x4.splat(neutral<Kind>());
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let r = 0; r < length; r++) {
    s0 = join<Kind>(s0, v128.load(x));
    s1 = join<Kind>(s1, v128.load(x, 16));
    s2 = join<Kind>(s2, v128.load(x, 32));
    s3 = join<Kind>(s3, v128.load(x, 48));
    x += stride;
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}
