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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
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

function rows_4x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
  }
}

function rows_4x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
  }
}

function rows_5x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a4, 0);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    x = v128.load32_splat(a4, 4);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
  }
}

function rows_5x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a4, 0);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    x = v128.load32_splat(a4, 4);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
  }
}

function rows_6x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda, a5 = a4 + lda;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a4, 0);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a5, 0);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    x = v128.load32_splat(a4, 4);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a5, 4);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8; a5 += 8;
    b += 32;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
    c += ldc;
    v128.store(c, c50, 0);
  }
}

function rows_6x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = a, a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda, a5 = a4 + lda;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a0, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 0);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a2, 0);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 0);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a4, 0);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a5, 0);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a2, 4);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a3, 4);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    x = v128.load32_splat(a4, 4);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a5, 4);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; a4 += 8; a5 += 8;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c51), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
    c += ldc;
    v128.store(c, c50, 0);
    v128.store(c, c51, 16);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A by rows; strides in bytes, depth ≥ 1. */
export function by_rows(rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return rows_1x4(depth, a, lda, b, c, ldc, accumulate);
    case 6: return rows_1x8(depth, a, lda, b, c, ldc, accumulate);
    case 9: return rows_2x4(depth, a, lda, b, c, ldc, accumulate);
    case 10: return rows_2x8(depth, a, lda, b, c, ldc, accumulate);
    case 13: return rows_3x4(depth, a, lda, b, c, ldc, accumulate);
    case 14: return rows_3x8(depth, a, lda, b, c, ldc, accumulate);
    case 17: return rows_4x4(depth, a, lda, b, c, ldc, accumulate);
    case 18: return rows_4x8(depth, a, lda, b, c, ldc, accumulate);
    case 21: return rows_5x4(depth, a, lda, b, c, ldc, accumulate);
    case 22: return rows_5x8(depth, a, lda, b, c, ldc, accumulate);
    case 25: return rows_6x4(depth, a, lda, b, c, ldc, accumulate);
    case 26: return rows_6x8(depth, a, lda, b, c, ldc, accumulate);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
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

function columns_2x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
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

function columns_4x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
  }
}

function columns_4x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
  }
}

function columns_5x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
  }
}

function columns_5x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
  }
}

function columns_6x4(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  const last = end - 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
    c += ldc;
    v128.store(c, c50, 0);
  }
}

function columns_6x8(depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  const last = end - 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    a += lda;
    if (b >= last) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c51), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
    c += ldc;
    v128.store(c, c50, 0);
    v128.store(c, c51, 16);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A by columns; strides in bytes, depth ≥ 1. */
export function by_columns(rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return columns_1x4(depth, a, lda, b, c, ldc, accumulate);
    case 6: return columns_1x8(depth, a, lda, b, c, ldc, accumulate);
    case 9: return columns_2x4(depth, a, lda, b, c, ldc, accumulate);
    case 10: return columns_2x8(depth, a, lda, b, c, ldc, accumulate);
    case 13: return columns_3x4(depth, a, lda, b, c, ldc, accumulate);
    case 14: return columns_3x8(depth, a, lda, b, c, ldc, accumulate);
    case 17: return columns_4x4(depth, a, lda, b, c, ldc, accumulate);
    case 18: return columns_4x8(depth, a, lda, b, c, ldc, accumulate);
    case 21: return columns_5x4(depth, a, lda, b, c, ldc, accumulate);
    case 22: return columns_5x8(depth, a, lda, b, c, ldc, accumulate);
    case 25: return columns_6x4(depth, a, lda, b, c, ldc, accumulate);
    case 26: return columns_6x8(depth, a, lda, b, c, ldc, accumulate);
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    a += 192;
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    a += 192;
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

function tiles_2x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 7) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 9) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 11) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 13) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    a += 192;
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 7) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 9) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 11) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 13) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    a += 192;
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

function tiles_3x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 3) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 7) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 9) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 11) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 13) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 15) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    a += 192;
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
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 3) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 7) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 9) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 11) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 13) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 15) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    a += 192;
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

function tiles_4x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 9) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 11) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 13) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 15) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 17) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 19) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 21) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 23) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 25) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 27) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 29) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    a += 192;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
  }
}

function tiles_4x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 9) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 11) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 13) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 15) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 17) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 19) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 21) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 23) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 25) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 27) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 29) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    a += 192;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
  }
}

function tiles_5x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 5) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 7) break;
    x = v128.load32_splat(a, 40);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 9) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 11) break;
    x = v128.load32_splat(a, 64);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 13) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 15) break;
    x = v128.load32_splat(a, 88);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 17) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 19) break;
    x = v128.load32_splat(a, 112);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 21) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 23) break;
    x = v128.load32_splat(a, 136);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 25) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 27) break;
    x = v128.load32_splat(a, 160);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 29) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 31) break;
    x = v128.load32_splat(a, 184);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    a += 192;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
  }
}

function tiles_5x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 5) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 7) break;
    x = v128.load32_splat(a, 40);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 9) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 11) break;
    x = v128.load32_splat(a, 64);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 13) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 15) break;
    x = v128.load32_splat(a, 88);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 17) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 19) break;
    x = v128.load32_splat(a, 112);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 21) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 23) break;
    x = v128.load32_splat(a, 136);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 25) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 27) break;
    x = v128.load32_splat(a, 160);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 29) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 31) break;
    x = v128.load32_splat(a, 184);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    a += 192;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
  }
}

function tiles_6x4(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let x: v128, b0: v128;
  const end = b + <usize>depth * 16;
  while (true) {
    b0 = v128.load(b, 0);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 5) break;
    b0 = v128.load(b, 16);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 7) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 9) break;
    x = v128.load32_splat(a, 40);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 44);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 11) break;
    b0 = v128.load(b, 32);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 13) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 15) break;
    x = v128.load32_splat(a, 64);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 68);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 17) break;
    b0 = v128.load(b, 48);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 19) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 21) break;
    x = v128.load32_splat(a, 88);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 92);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 23) break;
    b0 = v128.load(b, 64);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 25) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 27) break;
    x = v128.load32_splat(a, 112);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 116);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 29) break;
    b0 = v128.load(b, 80);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 31) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 33) break;
    x = v128.load32_splat(a, 136);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 140);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 35) break;
    b0 = v128.load(b, 96);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 37) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 39) break;
    x = v128.load32_splat(a, 160);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 164);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    if (b == 41) break;
    b0 = v128.load(b, 112);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    if (b == 43) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    if (b == 45) break;
    x = v128.load32_splat(a, 184);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    x = v128.load32_splat(a, 188);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    a += 192;
    b += 128;
    if (b >= end) break;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
    c += ldc;
    v128.store(c, c50, 0);
  }
}

function tiles_6x8(depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  const end = b + <usize>depth * 32;
  while (true) {
    b0 = v128.load(b, 0);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 0);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 1) break;
    x = v128.load32_splat(a, 8);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 3) break;
    x = v128.load32_splat(a, 16);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 5) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load32_splat(a, 24);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 28);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 7) break;
    x = v128.load32_splat(a, 32);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 36);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 9) break;
    x = v128.load32_splat(a, 40);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 44);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 11) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load32_splat(a, 48);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 52);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 13) break;
    x = v128.load32_splat(a, 56);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 60);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 15) break;
    x = v128.load32_splat(a, 64);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 68);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 17) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load32_splat(a, 72);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 76);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 19) break;
    x = v128.load32_splat(a, 80);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 84);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 21) break;
    x = v128.load32_splat(a, 88);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 92);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 23) break;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    x = v128.load32_splat(a, 96);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 100);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 25) break;
    x = v128.load32_splat(a, 104);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 108);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 27) break;
    x = v128.load32_splat(a, 112);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 116);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 29) break;
    b0 = v128.load(b, 160);
    b1 = v128.load(b, 176);
    x = v128.load32_splat(a, 120);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 124);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 31) break;
    x = v128.load32_splat(a, 128);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 132);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 33) break;
    x = v128.load32_splat(a, 136);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 140);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 35) break;
    b0 = v128.load(b, 192);
    b1 = v128.load(b, 208);
    x = v128.load32_splat(a, 144);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 148);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 37) break;
    x = v128.load32_splat(a, 152);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 156);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 39) break;
    x = v128.load32_splat(a, 160);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 164);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    if (b == 41) break;
    b0 = v128.load(b, 224);
    b1 = v128.load(b, 240);
    x = v128.load32_splat(a, 168);
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    x = v128.load32_splat(a, 172);
    c10 = f32x4.relaxed_madd(x, b0, c10);
    c11 = f32x4.relaxed_madd(x, b1, c11);
    if (b == 43) break;
    x = v128.load32_splat(a, 176);
    c20 = f32x4.relaxed_madd(x, b0, c20);
    c21 = f32x4.relaxed_madd(x, b1, c21);
    x = v128.load32_splat(a, 180);
    c30 = f32x4.relaxed_madd(x, b0, c30);
    c31 = f32x4.relaxed_madd(x, b1, c31);
    if (b == 45) break;
    x = v128.load32_splat(a, 184);
    c40 = f32x4.relaxed_madd(x, b0, c40);
    c41 = f32x4.relaxed_madd(x, b1, c41);
    x = v128.load32_splat(a, 188);
    c50 = f32x4.relaxed_madd(x, b0, c50);
    c51 = f32x4.relaxed_madd(x, b1, c51);
    a += 192;
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
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c51), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
    c += ldc;
    v128.store(c, c50, 0);
    v128.store(c, c51, 16);
  }
}

/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A packed by tiles; strides in bytes, depth a multiple of TURN. */
export function by_tiles(rows: i32, vectors: i32, depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return tiles_1x4(depth, a, b, c, ldc, accumulate);
    case 6: return tiles_1x8(depth, a, b, c, ldc, accumulate);
    case 9: return tiles_2x4(depth, a, b, c, ldc, accumulate);
    case 10: return tiles_2x8(depth, a, b, c, ldc, accumulate);
    case 13: return tiles_3x4(depth, a, b, c, ldc, accumulate);
    case 14: return tiles_3x8(depth, a, b, c, ldc, accumulate);
    case 17: return tiles_4x4(depth, a, b, c, ldc, accumulate);
    case 18: return tiles_4x8(depth, a, b, c, ldc, accumulate);
    case 21: return tiles_5x4(depth, a, b, c, ldc, accumulate);
    case 22: return tiles_5x8(depth, a, b, c, ldc, accumulate);
    case 25: return tiles_6x4(depth, a, b, c, ldc, accumulate);
    case 26: return tiles_6x8(depth, a, b, c, ldc, accumulate);
    default: unreachable();
  }
}
