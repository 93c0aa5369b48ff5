/**
 * The valid columns of rows that were computed beside C, as their panel isn't whole vectors wide: `width` of at most
 * eight, copied or added to C. Strides in bytes.
 */
export function carry(
  rows: i32,
  width: i32,
  beside: usize,
  stride: usize,
  c: usize,
  ldc: usize,
  accumulate: bool,
): void {
  for (let r = 0; r < rows; r++) {
    let j: usize = 0;
    if (width > 4) {
      const values = v128.load(beside);
      v128.store(c, accumulate ? f32x4.add(v128.load(c), values) : values);
      j = 16;
    }
    for (; j < (<usize>width) << 2; j += 4) {
      const value = load<f32>(beside + j);
      store<f32>(c + j, accumulate ? load<f32>(c + j) + value : value);
    }
    beside += stride;
    c += ldc;
  }
}
