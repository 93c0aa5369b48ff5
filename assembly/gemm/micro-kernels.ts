// Made by scripts/generate-micro-kernels.mjs: change that, not this.

/** K-steps of a turn of by_tiles. */
export const TURN: i32 = 8;

function rows_1x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    a0 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
  } else {
    v128.store(c, c00, 0);
  }
}

function rows_1x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a0 += 8;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
  }
}

function rows_1x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  let a0 = a;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    a0 += 8;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
  }
}

function rows_2x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a, a1 = a0 + lda;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    a0 += 8; a1 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
  }
}

function rows_2x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a, a1 = a0 + lda;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    a0 += 8; a1 += 8;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
  }
}

function rows_2x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  let a0 = a, a1 = a0 + lda;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    a0 += 8; a1 += 8;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
  }
}

function rows_3x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    a0 += 8; a1 += 8; a2 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
  }
}

function rows_3x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    a0 += 8; a1 += 8; a2 += 8;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
  }
}

function rows_3x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c22 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    a0 += 8; a1 += 8; a2 += 8;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c22), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    v128.store(c, c22, 32);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A by rows; strides in bytes, depth ≥ 1. */
export function by_rows(rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return rows_1x4(depth, a, lda, b, c, ldc, accumulate);
    case 6: return rows_1x8(depth, a, lda, b, c, ldc, accumulate);
    case 7: return rows_1x12(depth, a, lda, b, c, ldc, accumulate);
    case 9: return rows_2x4(depth, a, lda, b, c, ldc, accumulate);
    case 10: return rows_2x8(depth, a, lda, b, c, ldc, accumulate);
    case 11: return rows_2x12(depth, a, lda, b, c, ldc, accumulate);
    case 13: return rows_3x4(depth, a, lda, b, c, ldc, accumulate);
    case 14: return rows_3x8(depth, a, lda, b, c, ldc, accumulate);
    case 15: return rows_3x12(depth, a, lda, b, c, ldc, accumulate);
    default: unreachable();
  }
}

function columns_1x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    a += lda;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
  } else {
    v128.store(c, c00, 0);
  }
}

function columns_1x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a += lda;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
  }
}

function columns_1x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    a += lda;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
  }
}

function columns_2x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    a += lda;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
  }
}

function columns_2x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    a += lda;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
  }
}

function columns_2x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    a += lda;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
  }
}

function columns_3x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    a += lda;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
  }
}

function columns_3x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    a += lda;
    b += 64;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
  }
}

function columns_3x12(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c22 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  const last = end - 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    a += lda;
    b += 96;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c22), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    v128.store(c, c22, 32);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A by columns; strides in bytes, depth ≥ 1. */
export function by_columns(rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return columns_1x4(depth, a, lda, b, c, ldc, accumulate);
    case 6: return columns_1x8(depth, a, lda, b, c, ldc, accumulate);
    case 7: return columns_1x12(depth, a, lda, b, c, ldc, accumulate);
    case 9: return columns_2x4(depth, a, lda, b, c, ldc, accumulate);
    case 10: return columns_2x8(depth, a, lda, b, c, ldc, accumulate);
    case 11: return columns_2x12(depth, a, lda, b, c, ldc, accumulate);
    case 13: return columns_3x4(depth, a, lda, b, c, ldc, accumulate);
    case 14: return columns_3x8(depth, a, lda, b, c, ldc, accumulate);
    case 15: return columns_3x12(depth, a, lda, b, c, ldc, accumulate);
    default: unreachable();
  }
}

function tiles_1x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 1) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 3) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 5) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 7) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 9) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 11) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 13) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    a += 96;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
  } else {
    v128.store(c, c00, 0);
  }
}

function tiles_1x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 1) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 3) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 5) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 7) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 9) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 11) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 13) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a += 96;
    b += 256;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
  }
}

function tiles_1x12(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 1) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 3) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    b2 = v128.load(b, 128);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 5) break;
    b0 = v128.load(b, 144);
    b1 = v128.load(b, 160);
    b2 = v128.load(b, 176);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 7) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    b2 = v128.load(b, 224);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 9) break;
    b0 = v128.load(b, 240);
    b1 = v128.load(b, 256);
    b2 = v128.load(b, 272);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 11) break;
    b0 = v128.load(b, 288);
    b1 = v128.load(b, 304);
    b2 = v128.load(b, 320);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 13) break;
    b0 = v128.load(b, 336);
    b1 = v128.load(b, 352);
    b2 = v128.load(b, 368);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    a += 96;
    b += 384;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
  }
}

function tiles_2x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 3) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 5) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 7) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 9) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 11) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 13) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 15) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 17) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 19) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 21) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 23) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 25) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 27) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 29) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    a += 96;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
  }
}

function tiles_2x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 3) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 5) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 7) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 9) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 11) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 13) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 15) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 17) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 19) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 21) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 23) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 25) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 27) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 29) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    a += 96;
    b += 256;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
  }
}

function tiles_2x12(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 3) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 5) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 7) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    b2 = v128.load(b, 128);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 9) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 11) break;
    b0 = v128.load(b, 144);
    b1 = v128.load(b, 160);
    b2 = v128.load(b, 176);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 13) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 15) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    b2 = v128.load(b, 224);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 17) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 19) break;
    b0 = v128.load(b, 240);
    b1 = v128.load(b, 256);
    b2 = v128.load(b, 272);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 21) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 23) break;
    b0 = v128.load(b, 288);
    b1 = v128.load(b, 304);
    b2 = v128.load(b, 320);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 25) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 27) break;
    b0 = v128.load(b, 336);
    b1 = v128.load(b, 352);
    b2 = v128.load(b, 368);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 29) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    a += 96;
    b += 384;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
  }
}

function tiles_3x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 5) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 9) break;
    x = v128.load32_splat(a, 20);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 11) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 13) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 15) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 17) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 19) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 21) break;
    x = v128.load32_splat(a, 44);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 23) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 25) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 27) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 29) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 31) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 33) break;
    x = v128.load32_splat(a, 68);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 35) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 37) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 39) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    if (b == 41) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    if (b == 43) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    if (b == 45) break;
    x = v128.load32_splat(a, 92);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    a += 96;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
  }
}

function tiles_3x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 5) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 9) break;
    x = v128.load32_splat(a, 20);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 11) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 13) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 15) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 17) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 19) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 21) break;
    x = v128.load32_splat(a, 44);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 23) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 25) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 27) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 29) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 31) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 33) break;
    x = v128.load32_splat(a, 68);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 35) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 37) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 39) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    if (b == 41) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    if (b == 43) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    if (b == 45) break;
    x = v128.load32_splat(a, 92);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    a += 96;
    b += 256;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
  }
}

function tiles_3x12(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c22 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128, b2: v128;
  const end = b + <usize>depth * 48;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    b2 = v128.load(b, 32);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 1) break;
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 5) break;
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load32_splat(a, 12);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 9) break;
    x = v128.load32_splat(a, 20);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 11) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    b2 = v128.load(b, 128);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 13) break;
    x = v128.load32_splat(a, 28);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 15) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 17) break;
    b0 = v128.load(b, 144);
    b1 = v128.load(b, 160);
    b2 = v128.load(b, 176);
    x = v128.load32_splat(a, 36);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 19) break;
    x = v128.load32_splat(a, 40);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 21) break;
    x = v128.load32_splat(a, 44);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 23) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    b2 = v128.load(b, 224);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 25) break;
    x = v128.load32_splat(a, 52);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 27) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 29) break;
    b0 = v128.load(b, 240);
    b1 = v128.load(b, 256);
    b2 = v128.load(b, 272);
    x = v128.load32_splat(a, 60);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 31) break;
    x = v128.load32_splat(a, 64);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 33) break;
    x = v128.load32_splat(a, 68);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 35) break;
    b0 = v128.load(b, 288);
    b1 = v128.load(b, 304);
    b2 = v128.load(b, 320);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 37) break;
    x = v128.load32_splat(a, 76);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 39) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    if (b == 41) break;
    b0 = v128.load(b, 336);
    b1 = v128.load(b, 352);
    b2 = v128.load(b, 368);
    x = v128.load32_splat(a, 84);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    if (b == 43) break;
    x = v128.load32_splat(a, 88);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    if (b == 45) break;
    x = v128.load32_splat(a, 92);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    a += 96;
    b += 384;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c02), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c12), 32);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), c22), 32);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    v128.store(c, c02, 32);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    v128.store(c, c12, 32);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    v128.store(c, c22, 32);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A packed by tiles; strides in bytes, depth a multiple of TURN. */
export function by_tiles(rows: i32, vectors: i32, depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return tiles_1x4(depth, a, b, c, ldc, accumulate);
    case 6: return tiles_1x8(depth, a, b, c, ldc, accumulate);
    case 7: return tiles_1x12(depth, a, b, c, ldc, accumulate);
    case 9: return tiles_2x4(depth, a, b, c, ldc, accumulate);
    case 10: return tiles_2x8(depth, a, b, c, ldc, accumulate);
    case 11: return tiles_2x12(depth, a, b, c, ldc, accumulate);
    case 13: return tiles_3x4(depth, a, b, c, ldc, accumulate);
    case 14: return tiles_3x8(depth, a, b, c, ldc, accumulate);
    case 15: return tiles_3x12(depth, a, b, c, ldc, accumulate);
    default: unreachable();
  }
}
