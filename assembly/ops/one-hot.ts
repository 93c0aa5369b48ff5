import { OneHotField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** y[r, c] = 1 where labels[r] = c, else 0; a label of −1 gives a row of zeros. */
export function oneHot(at: usize, lo: i32, hi: i32): void {
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const labels = address(at, F.labels);
  const y = address(at, F.y);
  memory.fill(y + <usize>lo * stride, 0, <usize>(hi - lo) * stride);
  for (let r: usize = lo; r < <usize>hi; r++) {
    const label = load<i32>(labels + (r << 2));
    if (label >= 0 && label < columns) store<f32>(y + r * stride + ((<usize>label) << 2), 1);
  }
}
