/**
 * y[0, n) = x[0, k)·W, W row-major with `stride` bytes between rows: memory bound, so W is read once, four rows at a
 * time, while y stays in the L1 cache. (12 rows at a time, or dot products, were slower: more streams than the
 * prefetcher follows.) Each y is summed in the order of k.
 */
export function gemv(n: i32, k: i32, x: usize, w: usize, stride: usize, y: usize): void {
  memory.fill(y, 0, <usize>n << 2);
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    fourRows(n, x, w, stride, y);
    x += 16;
    w += stride << 2;
  }
  for (; p < k; p++) {
    oneRow(n, load<f32>(x), w, y);
    x += 4;
    w += stride;
  }
}

function fourRows(n: i32, x: usize, w0: usize, stride: usize, y: usize): void {
  const x0 = v128.load32_splat(x);
  const x1 = v128.load32_splat(x, 4);
  const x2 = v128.load32_splat(x, 8);
  const x3 = v128.load32_splat(x, 12);
  let w1 = w0 + stride;
  let w2 = w1 + stride;
  let w3 = w2 + stride;
  const end = y + (<usize>(n & ~3) << 2);
  while (y < end) {
    let sum = f32x4.add(v128.load(y), f32x4.mul(x0, v128.load(w0)));
    sum = f32x4.add(sum, f32x4.mul(x1, v128.load(w1)));
    sum = f32x4.add(sum, f32x4.mul(x2, v128.load(w2)));
    v128.store(y, f32x4.add(sum, f32x4.mul(x3, v128.load(w3))));
    y += 16;
    w0 += 16;
    w1 += 16;
    w2 += 16;
    w3 += 16;
  }
  for (let j = n & 3; j > 0; j--) {
    let sum = load<f32>(y) + load<f32>(x) * load<f32>(w0);
    sum += load<f32>(x, 4) * load<f32>(w1);
    sum += load<f32>(x, 8) * load<f32>(w2);
    store<f32>(y, sum + load<f32>(x, 12) * load<f32>(w3));
    y += 4;
    w0 += 4;
    w1 += 4;
    w2 += 4;
    w3 += 4;
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
