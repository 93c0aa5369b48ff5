/**
 * What follows a product while its rows are still in the L1 cache: C = relu(C + bias), zero where mask ≤ 0, over `rows`
 * rows of n floats. bias (n floats) and mask (laid out as C) may be 0.
 */
export function epilogue(
  rows: i32,
  n: i32,
  c: usize,
  stride: usize,
  bias: usize,
  relu: bool,
  mask: usize,
): void {
  for (let i = 0; i < rows; i++) {
    if (bias != 0) addBias(n, c, bias, relu);
    else if (relu) clamp(n, c);
    if (mask != 0) {
      applyMask(n, c, mask);
      mask += stride;
    }
    c += stride;
  }
}

// pmax(x, 0) is `x < 0 ? 0 : x`: it lets NaN through, so that ReLU doesn't hide a diverged training run.

function addBias(n: i32, c: usize, bias: usize, relu: bool): void {
  const zero = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const x = f32x4.add(v128.load(c), v128.load(bias));
    v128.store(c, relu ? f32x4.pmax(x, zero) : x);
    c += 16;
    bias += 16;
  }
  for (; j < n; j++) {
    const x = load<f32>(c) + load<f32>(bias);
    store<f32>(c, relu && x < 0 ? 0 : x);
    c += 4;
    bias += 4;
  }
}

function clamp(n: i32, c: usize): void {
  const zero = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    v128.store(c, f32x4.pmax(v128.load(c), zero));
    c += 16;
  }
  for (; j < n; j++) {
    if (load<f32>(c) < 0) store<f32>(c, 0);
    c += 4;
  }
}

function applyMask(n: i32, c: usize, mask: usize): void {
  const zero = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    v128.store(c, v128.and(v128.load(c), f32x4.gt(v128.load(mask), zero)));
    c += 16;
    mask += 16;
  }
  for (; j < n; j++) {
    if (!(load<f32>(mask) > 0)) store<f32>(c, 0);
    c += 4;
    mask += 4;
  }
}
