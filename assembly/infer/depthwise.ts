import { put } from './put';

/**
 * Each channel by its own kernel: y = Σ over taps of x·w + bias, then ReLU. x is the place of the first window's first
 * tap, in an image with its padding; `taps` has the taps' distances from there, w for each the weights of its c channels,
 * rounded up to whole vectors. Windows are xRow and xPixel bytes apart; up to three numbers past a pixel's are read.
 */
export function depthwise(
  rows: i32, columns: i32, c: i32, taps: usize, count: i32, x: usize, xRow: usize, xPixel: usize, w: usize, bias: usize,
  y: usize, yRow: usize, yPixel: usize, relu: bool,
): void {
  const low = f32x4.splat(relu ? 0 : -Infinity);
  const line = <usize>((c + 3) & ~3) << 2;
  const end = taps + (<usize>count << 2);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < c; k += 4) {
      const at = <usize>k << 2;
      const added = v128.load(bias + at);
      let from = x + at;
      let to = y + at;
      let j = 0;
      // Four pixels share each load of weights.
      for (; j + 4 <= columns; j += 4) {
        let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
        let v = w + at;
        for (let tap = taps; tap < end; tap += 4) {
          const b = v128.load(v);
          let a = from + load<i32>(tap);
          c0 = f32x4.add(c0, f32x4.mul(v128.load(a), b));
          a += xPixel;
          c1 = f32x4.add(c1, f32x4.mul(v128.load(a), b));
          a += xPixel;
          c2 = f32x4.add(c2, f32x4.mul(v128.load(a), b));
          c3 = f32x4.add(c3, f32x4.mul(v128.load(a + xPixel), b));
          v += line;
        }
        put(to, f32x4.pmax(f32x4.add(c0, added), low), c - k);
        put(to + yPixel, f32x4.pmax(f32x4.add(c1, added), low), c - k);
        put(to + 2 * yPixel, f32x4.pmax(f32x4.add(c2, added), low), c - k);
        put(to + 3 * yPixel, f32x4.pmax(f32x4.add(c3, added), low), c - k);
        from += 4 * xPixel;
        to += 4 * yPixel;
      }
      for (; j < columns; j++) {
        let sum = f32x4.splat(0);
        let v = w + at;
        for (let tap = taps; tap < end; tap += 4) {
          sum = f32x4.add(sum, f32x4.mul(v128.load(from + load<i32>(tap)), v128.load(v)));
          v += line;
        }
        put(to, f32x4.pmax(f32x4.add(sum, added), low), c - k);
        from += xPixel;
        to += yPixel;
      }
    }
    x += xRow;
    y += yRow;
  }
}
