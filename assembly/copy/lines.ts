/** Bytes from which a line is copied by memory.copy: below, the call out of WebAssembly costs more than it gains. */
const LONG: usize = 4096;

/** `lines` lines of n elements each; strides in bytes, from line to line and from element to element. */
export function copyLines(
  lines: i32, n: i32, x: usize, strideX: usize, stepX: usize, y: usize, strideY: usize, stepY: usize,
): void {
  if (n <= 0) return;
  if (n < 4) shortLines(lines, n, x, strideX, stepX, y, strideY, stepY);
  else if (stepY == 4 && stepX == 4) dense(lines, (<usize>n) << 2, x, strideX, y, strideY);
  else if (stepY == 4 && stepX == 0) repeated(lines, (<usize>n) << 2, x, strideX, y, strideY);
  else scattered(lines, n, x, strideX, stepX, y, strideY, stepY);
}

function dense(lines: i32, bytes: usize, x: usize, strideX: usize, y: usize, strideY: usize): void {
  if (bytes >= LONG) {
    for (let i = 0; i < lines; i++) {
      memory.copy(y, x, bytes);
      x += strideX;
      y += strideY;
    }
    return;
  }
  const fours = bytes & ~63;
  const last = bytes - 16;
  for (let i = 0; i < lines; i++) {
    let at: usize = 0;
    for (; at < fours; at += 64) {
      v128.store(y + at, v128.load(x + at));
      v128.store(y + at, v128.load(x + at, 16), 16);
      v128.store(y + at, v128.load(x + at, 32), 32);
      v128.store(y + at, v128.load(x + at, 48), 48);
    }
    for (; at < last; at += 16) v128.store(y + at, v128.load(x + at));
    // The last vector ends where the line does, over what is already there.
    v128.store(y + last, v128.load(x + last));
    x += strideX;
    y += strideY;
  }
}

function repeated(lines: i32, bytes: usize, x: usize, strideX: usize, y: usize, strideY: usize): void {
  const last = bytes - 16;
  for (let i = 0; i < lines; i++) {
    const v = v128.load32_splat(x);
    for (let at: usize = 0; at < last; at += 16) v128.store(y + at, v);
    v128.store(y + last, v);
    x += strideX;
    y += strideY;
  }
}

/** One to three elements a line. */
function shortLines(
  lines: i32, n: i32, x: usize, strideX: usize, stepX: usize, y: usize, strideY: usize, stepY: usize,
): void {
  for (let i = 0; i < lines; i++) {
    store<f32>(y, load<f32>(x));
    if (n > 1) store<f32>(y + stepY, load<f32>(x + stepX));
    if (n > 2) store<f32>(y + 2 * stepY, load<f32>(x + 2 * stepX));
    x += strideX;
    y += strideY;
  }
}

function scattered(
  lines: i32, n: i32, x: usize, strideX: usize, stepX: usize, y: usize, strideY: usize, stepY: usize,
): void {
  for (let i = 0; i < lines; i++) {
    let from = x;
    let to = y;
    for (let j = 0; j < n; j++) {
      store<f32>(to, load<f32>(from));
      from += stepX;
      to += stepY;
    }
    x += strideX;
    y += strideY;
  }
}
