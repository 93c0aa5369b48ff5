import { DropoutField as F, Limit } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { randomWords } from '../math/philox';

/** Inverted dropout: the mask is a function of (seed, stream, step, index), so the gradient regenerates it. */
export function dropout(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const n = word(at, F.n);
  const kind = word(at, F.streamKind);
  const index = word(at, F.streamIndex);
  const threshold = i32x4.splat(word(at, F.threshold));
  const factor = float(at, F.scale);
  const f = f32x4.splat(factor);
  for (let t = lo; t < hi; t++) {
    randomWords(seed, kind, index, step, t, scratch);
    const first = t * Limit.elements;
    const x = address(at, F.x) + ((<usize>first) << 2);
    const y = address(at, F.y) + ((<usize>first) << 2);
    const count = min(Limit.elements, n - first);
    let i: usize = 0;
    for (; i + 16 <= (<usize>count) << 2; i += 16) {
      const keep = i32x4.ge_u(v128.load(scratch + i), threshold);
      v128.store(y + i, v128.and(f32x4.mul(v128.load(x + i), f), keep));
    }
    for (; i < (<usize>count) << 2; i += 4) {
      const keep = load<u32>(scratch + i) >= <u32>word(at, F.threshold);
      store<f32>(y + i, keep ? load<f32>(x + i) * factor : 0);
    }
  }
}
