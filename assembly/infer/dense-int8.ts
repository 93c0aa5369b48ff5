/**
 * A layer with 8-bit weights. Each row of x is quantized on arrival: x ≈ step·(q − zero) with q in 0 … 254 over the
 * row's own range, which always includes 0. Then y = step·scale·Σ(q − zero)·w + bias, with an integer sum: exact, in
 * any order.
 *
 * SIMD multiplies 16-bit lanes. Widening every weight would take one instruction for each multiplication; instead two
 * weights share a lane, v = 256·h + (l + 128), and only h is extracted, by a shift:
 *
 *     h·xh + l·xl = v·xl + h·(xh − 256·xl) − 128·xl
 *
 * where x is centered, q − 127, so that xh − 256·xl fits 16 bits. The remaining sums are separate: 128·Σxl belongs to
 * the row, (127 − zero)·Σw to the output. Widened weights (load8x8_s), in this layout or by rows of W, were a third
 * slower.
 */

/** y[rows, n] from x [rows, k], ldy and ldx bytes between rows, x zero-padded to a multiple of four; n is a multiple of 16. */
export function denseInt8(
  rows: i32,
  n: i32,
  k: i32,
  x: usize,
  ldx: usize,
  /** For every 16 outputs and 4 inputs, 64 bytes: per output the lanes 256·w2 + w0 + 128, 256·w3 + w1 + 128. */
  w: usize,
  /** For each output: the value of a weight's unit (f32), Σw (i32), bias (f32). */
  scales: usize,
  sums: usize,
  bias: usize,
  y: usize,
  ldy: usize,
  relu: bool,
  /** Room for k 16-bit numbers, rounded up to a multiple of four. */
  line: usize,
): void {
  const fours = (k + 3) >> 2;
  for (let r = 0; r < rows; r++) {
    const ends = range(fours, x);
    const low = f32x4.extract_lane(ends, 0);
    const step: f32 = (-f32x4.extract_lane(ends, 1) - low) / 254;
    let inverse: f32 = 1 / step;
    let zero = 0;
    // Otherwise there is nothing to distinguish: only zeros, or a range too small, too large, or NaN, which then makes
    // y NaN.
    if (inverse > 0 && inverse < Infinity) zero = <i32>nearest<f32>(-low * inverse);
    else inverse = 0;
    const low128 = centered(fours, x, inverse, zero, line);
    for (let j: usize = 0; j < (<usize>n) << 2; j += 64) {
      sixteen(fours, line, w + j * fours, -low128, y + j);
      finish(y + j, 127 - zero, step, scales + j, sums + j, bias + j, relu);
    }
    x += ldx;
    y += ldy;
  }
}

/** The lowest of a row and 0 in lane 0, minus the highest in lane 1, which is NaN if any number in the row is. */
function range(fours: i32, x: usize): v128 {
  let low = f32x4.splat(0);
  let high = f32x4.splat(0);
  let odd = f32x4.splat(0);
  for (let i = 0; i < fours; i++) {
    // pmin and pmax lose NaN, the only value that differs from itself; min and max keep it, but took 5 % of all time.
    const v = v128.load(x);
    low = f32x4.pmin(low, v);
    high = f32x4.pmax(high, v);
    odd = v128.or(odd, f32x4.ne(v, v));
    x += 16;
  }
  const minus = f32x4.neg(v128.or(high, odd));
  const ends = f32x4.min(
    v128.shuffle<i32>(low, minus, 0, 4, 1, 5),
    v128.shuffle<i32>(low, minus, 2, 6, 3, 7),
  );
  return f32x4.min(ends, v128.shuffle<i32>(ends, ends, 2, 3, 0, 1));
}

/** Writes the factors of each four: x0, x1, x2 − 256·x0, x3 − 256·x1. Returns 128·Σ(x0 + x1). */
function centered(fours: i32, x: usize, inverse: f32, zero: i32, line: usize): i32 {
  const scale = f32x4.splat(inverse);
  const shift = i32x4.splat(zero);
  const most = i32x4.splat(254);
  const center = i32x4.splat(127);
  const none = i32x4.splat(0);
  let sum = none;
  for (let i = 0; i < fours; i++) {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), scale)));
    // Both ends of the range can round away from each other, to 255 steps.
    const q = i32x4.sub(i32x4.min_s(i32x4.add(whole, shift), most), center);
    const first = v128.shuffle<i32>(none, q, 0, 0, 4, 5);
    sum = i32x4.add(sum, first);
    const factors = i32x4.sub(q, i32x4.shl(first, 8));
    v128.store64_lane(line, i16x8.narrow_i32x4_s(factors, factors), 0);
    x += 16;
    line += 8;
  }
  return (i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)) << 7;
}

/** y[16] = start + Σ of a panel. */
function sixteen(fours: i32, line: usize, w: usize, start: i32, y: usize): void {
  let c0 = i32x4.splat(start);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  const end = line + ((<usize>fours) << 3);
  while (line < end) {
    const x01 = v128.load32_splat(line);
    const x23 = v128.load32_splat(line, 4);
    let v = v128.load(w);
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v, x01));
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), x23));
    v = v128.load(w, 16);
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v, x01));
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), x23));
    v = v128.load(w, 32);
    c2 = i32x4.add(c2, i32x4.dot_i16x8_s(v, x01));
    c2 = i32x4.add(c2, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), x23));
    v = v128.load(w, 48);
    c3 = i32x4.add(c3, i32x4.dot_i16x8_s(v, x01));
    c3 = i32x4.add(c3, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), x23));
    line += 8;
    w += 64;
  }
  v128.store(y, c0);
  v128.store(y, c1, 16);
  v128.store(y, c2, 32);
  v128.store(y, c3, 48);
}

/** Turns 16 sums into outputs, in place: step·scale·(sum + correction·Σw) + bias. */
function finish(
  y: usize,
  correction: i32,
  step: f32,
  scales: usize,
  sums: usize,
  bias: usize,
  relu: bool,
): void {
  const zero = f32x4.splat(0);
  const c = i32x4.splat(correction);
  const s = f32x4.splat(step);
  for (let j: usize = 0; j < 64; j += 16) {
    const sum = i32x4.add(v128.load(y + j), i32x4.mul(c, v128.load(sums + j)));
    const unit = f32x4.mul(s, v128.load(scales + j));
    const value = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), unit), v128.load(bias + j));
    v128.store(y + j, relu ? f32x4.pmax(value, zero) : value);
  }
}
