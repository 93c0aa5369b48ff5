/**
 * What a convolution by patches does to get its input's gradient: adds patches' gradients [pixels, kh·kw·c] to where their
 * numbers came from. Plain, by vectors where there are four channels. Compiled by the benchmark, not part of the library.
 */
export function col2im(
  patches: usize,
  image: usize,
  n: i32,
  height: i32,
  width: i32,
  c: i32,
  rows: i32,
  columns: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
): void {
  memory.fill(image, 0, (<usize>n * height * width * c) << 2);
  for (let each = 0; each < n; each++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let ky = 0; ky < kernel; ky++) {
          const y = i * stride + ky - padding;
          for (let kx = 0; kx < kernel; kx++) {
            const x = j * stride + kx - padding;
            if (y >= 0 && y < height && x >= 0 && x < width) addTo(image + ((y * width + x) * c << 2), patches, c);
            patches += c << 2;
          }
        }
      }
    }
    image += (height * width * c) << 2;
  }
}

// @ts-ignore: decorator
@inline function addTo(to: usize, from: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    f32.store(to + at, f32.load(to + at) + f32.load(from + at));
  }
}
