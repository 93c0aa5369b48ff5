/**
 * y[0, n) = x[0, k)·W, W row-major with `stride` bytes between rows: W is read once, four rows at a time, while y stays
 * in the L1 cache. Sixteen columns a turn: with four, the instruction count is the limit, not the memory; with more
 * rows, registers run out. Each y is summed in the order of k.
 */
export function gemv(n: i32, k: i32, x: usize, w: usize, stride: usize, y: usize): void {
  memory.fill(y, 0, <usize>n << 2);
  const whole = n & ~15;
  const rest = <usize>whole << 2;
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    if (whole > 0) fourRows(whole, x, w, stride, y);
    if (whole < n) fourRests(n - whole, x, w + rest, stride, y + rest);
    x += 16;
    w += stride << 2;
  }
  for (; p < k; p++) {
    oneRow(n, load<f32>(x), w, y);
    x += 4;
    w += stride;
  }
}

/** n is a multiple of 16, and not 0. */
function fourRows(n: i32, x: usize, w0: usize, stride: usize, y: usize): void {
  const x0 = v128.load32_splat(x);
  const x1 = v128.load32_splat(x, 4);
  const x2 = v128.load32_splat(x, 8);
  const x3 = v128.load32_splat(x, 12);
  let w1 = w0 + stride;
  let w2 = w1 + stride;
  let w3 = w2 + stride;
  const end = y + (<usize>n << 2);
  while (true) {
    // Fences as in the micro-kernels: without them all twenty loads would come first and spill.
    let s0 = f32x4.add(v128.load(y), f32x4.mul(x0, v128.load(w0)));
    s0 = f32x4.add(s0, f32x4.mul(x1, v128.load(w1)));
    s0 = f32x4.add(s0, f32x4.mul(x2, v128.load(w2)));
    v128.store(y, f32x4.add(s0, f32x4.mul(x3, v128.load(w3))));
    if (y == 1) break;
    let s1 = f32x4.add(v128.load(y, 16), f32x4.mul(x0, v128.load(w0, 16)));
    s1 = f32x4.add(s1, f32x4.mul(x1, v128.load(w1, 16)));
    s1 = f32x4.add(s1, f32x4.mul(x2, v128.load(w2, 16)));
    v128.store(y, f32x4.add(s1, f32x4.mul(x3, v128.load(w3, 16))), 16);
    if (y == 3) break;
    let s2 = f32x4.add(v128.load(y, 32), f32x4.mul(x0, v128.load(w0, 32)));
    s2 = f32x4.add(s2, f32x4.mul(x1, v128.load(w1, 32)));
    s2 = f32x4.add(s2, f32x4.mul(x2, v128.load(w2, 32)));
    v128.store(y, f32x4.add(s2, f32x4.mul(x3, v128.load(w3, 32))), 32);
    if (y == 5) break;
    let s3 = f32x4.add(v128.load(y, 48), f32x4.mul(x0, v128.load(w0, 48)));
    s3 = f32x4.add(s3, f32x4.mul(x1, v128.load(w1, 48)));
    s3 = f32x4.add(s3, f32x4.mul(x2, v128.load(w2, 48)));
    v128.store(y, f32x4.add(s3, f32x4.mul(x3, v128.load(w3, 48))), 48);
    y += 64;
    w0 += 64;
    w1 += 64;
    w2 += 64;
    w3 += 64;
    if (y >= end) break;
  }
}

function oneRow(n: i32, x: f32, w: usize, y: usize): void {
  const xs = f32x4.splat(x);
  const end = y + (<usize>(n & ~3) << 2);
  while (y < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(xs, v128.load(w))));
    y += 16;
    w += 16;
  }
  for (let j = n & 3; j > 0; j--) {
    store<f32>(y, load<f32>(y) + x * load<f32>(w));
    y += 4;
    w += 4;
  }
}

/** The columns left over from fourRows. */
function fourRests(n: i32, x: usize, w: usize, stride: usize, y: usize): void {
  for (let i = 0; i < 4; i++) {
    oneRow(n, load<f32>(x), w, y);
    x += 4;
    w += stride;
  }
}
