/**
 * What softmax and the KD loss share: four rows at a time, one in each lane, so that maxima and sums never cross lanes
 * and ten classes fill their vectors. A line holds 16 bytes for each column, plus one column of padding if their number
 * is odd: the loops take two columns a turn. If there are fewer than four rows, the first is repeated.
 */

/** Bytes of a line that are summed separately, so that the rounding error of a long row's sum stays small. */
export const SUM_BLOCK: usize = 16 * 16;

export function lineBytes(columns: i32): usize {
  return (<usize>((columns + 1) & ~1)) << 4;
}

/** line[c] = x[row, c], one row in each lane, then the padding; returns the rows' maxima. */
// @ts-ignore: decorator
@inline export function loadRows(
  x: usize,
  stride: usize,
  rows: i32,
  columns: i32,
  padding: f32,
  line: usize,
): v128 {
  let x0 = x;
  let x1 = rows > 1 ? x + stride : x;
  let x2 = rows > 2 ? x + 2 * stride : x;
  let x3 = rows > 3 ? x + 3 * stride : x;
  let top = f32x4.splat(-Infinity);
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    const r0 = v128.load(x0);
    const r1 = v128.load(x1);
    const r2 = v128.load(x2);
    const r3 = v128.load(x3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const c0 = v128.shuffle<i64>(t0, t2, 0, 2);
    const c1 = v128.shuffle<i64>(t0, t2, 1, 3);
    const c2 = v128.shuffle<i64>(t1, t3, 0, 2);
    const c3 = v128.shuffle<i64>(t1, t3, 1, 3);
    v128.store(line, c0);
    v128.store(line, c1, 16);
    v128.store(line, c2, 32);
    v128.store(line, c3, 48);
    top = f32x4.pmax(f32x4.pmax(f32x4.pmax(f32x4.pmax(top, c0), c1), c2), c3);
    x0 += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
    line += 64;
  }
  for (; c < columns; c++) {
    let column = v128.load32_zero(x0);
    column = v128.load_lane<f32>(x1, column, 1);
    column = v128.load_lane<f32>(x2, column, 2);
    column = v128.load_lane<f32>(x3, column, 3);
    v128.store(line, column);
    top = f32x4.pmax(top, column);
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
    line += 16;
  }
  if (columns & 1) v128.store(line, f32x4.splat(padding));
  return top;
}

/** y[row, c] = line[c] for the rows that exist. */
// @ts-ignore: decorator
@inline export function storeRows(line: usize, rows: i32, columns: i32, y: usize, stride: usize): void {
  // The copies standing in for missing rows are written first, so the real one prevails.
  let y0 = y;
  let y1 = rows > 1 ? y + stride : y;
  let y2 = rows > 2 ? y + 2 * stride : y;
  let y3 = rows > 3 ? y + 3 * stride : y;
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    const c0 = v128.load(line);
    const c1 = v128.load(line, 16);
    const c2 = v128.load(line, 32);
    const c3 = v128.load(line, 48);
    const t0 = v128.shuffle<f32>(c0, c1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(c0, c1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(c2, c3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(c2, c3, 2, 6, 3, 7);
    v128.store(y3, v128.shuffle<i64>(t1, t3, 1, 3));
    v128.store(y2, v128.shuffle<i64>(t1, t3, 0, 2));
    v128.store(y1, v128.shuffle<i64>(t0, t2, 1, 3));
    v128.store(y0, v128.shuffle<i64>(t0, t2, 0, 2));
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
    line += 64;
  }
  for (; c < columns; c++) {
    const column = v128.load(line);
    v128.store_lane<f32>(y3, column, 3);
    v128.store_lane<f32>(y2, column, 2);
    v128.store_lane<f32>(y1, column, 1);
    v128.store_lane<f32>(y0, column, 0);
    y0 += 4;
    y1 += 4;
    y2 += 4;
    y3 += 4;
    line += 16;
  }
}

/** n words, at most four, in the first lanes. */
export function loadLanes(x: usize, n: i32): v128 {
  let v = v128.load32_zero(x);
  if (n > 1) v = v128.load_lane<f32>(x, v, 1, 4);
  if (n > 2) v = v128.load_lane<f32>(x, v, 2, 8);
  if (n > 3) v = v128.load_lane<f32>(x, v, 3, 12);
  return v;
}

export function storeLanes(v: v128, n: i32, y: usize): void {
  v128.store_lane<f32>(y, v, 0);
  if (n > 1) v128.store_lane<f32>(y, v, 1, 4);
  if (n > 2) v128.store_lane<f32>(y, v, 2, 8);
  if (n > 3) v128.store_lane<f32>(y, v, 3, 12);
}
