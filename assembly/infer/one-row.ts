/**
 * y [n] = x [size]·W + bias, then the greater of it and `low`: a block of k, from step `start`, for one row. Panels of
 * eight columns, then of four, have `column` bytes a column.
 */
export function oneRow(
  n: i32, column: usize, size: i32, x: usize, w: usize, start: i32, bias: usize, y: usize, accumulate: bool, low: f32,
): void {
  const panel = column << 3;
  let from = w + (<usize>start << 5);
  let j = 0;
  // Three panels at a time: six sums hide the latency of an addition, and the weights are read once, as three streams.
  for (; j + 24 <= n; j += 24) {
    threePanels(size, x, from, from + panel, from + 2 * panel, bias, y, accumulate, low);
    from += 3 * panel;
    bias += 96;
    y += 96;
  }
  for (; j + 8 <= n; j += 8) {
    onePanel(size, x, from, bias, y, accumulate, low);
    from += panel;
    bias += 32;
    y += 32;
  }
  from = w + <usize>j * column + (<usize>start << 4);
  for (; j < n; j += 4) {
    halfPanel(size, x, from, bias, y, accumulate, low);
    from += panel >> 1;
    bias += 16;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline function finish(at: usize, sum: v128, bias: usize, accumulate: bool, low: f32): void {
  const whole = accumulate ? f32x4.add(v128.load(at), sum) : sum;
  // pmax keeps NaN.
  v128.store(at, f32x4.pmax(f32x4.add(whole, v128.load(bias)), f32x4.splat(low)));
}

function onePanel(size: i32, x: usize, w: usize, bias: usize, y: usize, accumulate: bool, low: f32): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  for (const end = x + (<usize>size << 2); x < end; x += 4) {
    const a = v128.load32_splat(x);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(w)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(w, 16)));
    w += 32;
  }
  finish(y, c0, bias, accumulate, low);
  finish(y + 16, c1, bias + 16, accumulate, low);
}

function halfPanel(size: i32, x: usize, w: usize, bias: usize, y: usize, accumulate: bool, low: f32): void {
  let c0 = f32x4.splat(0);
  for (const end = x + (<usize>size << 2); x < end; x += 4) {
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(x), v128.load(w)));
    w += 16;
  }
  finish(y, c0, bias, accumulate, low);
}

function threePanels(
  size: i32, x: usize, u: usize, v: usize, w: usize, bias: usize, y: usize, accumulate: bool, low: f32,
): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0);
  let c5 = f32x4.splat(0);
  let a: v128;
  const end = x + ((<usize>size) << 2);
  // Four steps a turn, with fences between as in the micro-kernels (x is never odd): 67 → 73 of 79 GB/s read.
  for (const whole = end - 12; x < whole; ) {
    a = v128.load32_splat(x);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 16)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 16)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 16)));
    if (x == 1) break;
    a = v128.load32_splat(x, 4);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 32)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 48)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 32)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 48)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 32)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 48)));
    if (x == 3) break;
    a = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 64)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 80)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 64)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 80)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 64)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 80)));
    if (x == 5) break;
    a = v128.load32_splat(x, 12);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 96)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 112)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 96)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 112)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 96)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 112)));
    x += 16;
    u += 128;
    v += 128;
    w += 128;
  }
  while (x < end) {
    a = v128.load32_splat(x);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 16)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 16)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 16)));
    x += 4;
    u += 32;
    v += 32;
    w += 32;
  }
  finish(y, c0, bias, accumulate, low);
  finish(y + 16, c1, bias + 16, accumulate, low);
  finish(y + 32, c2, bias + 32, accumulate, low);
  finish(y + 48, c3, bias + 48, accumulate, low);
  finish(y + 64, c4, bias + 64, accumulate, low);
  finish(y + 80, c5, bias + 80, accumulate, low);
}
