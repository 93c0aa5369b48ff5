import { PermutationField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { randomWords } from '../math/philox';

/** Fisher & Yates' shuffle of 0…n−1 (Durstenfeld 1964) for (seed, stream, step), then −1 up to capacity. */
export function permutation(at: usize, scratch: usize, step: i32, seed: u32): void {
  const n = word(at, F.n);
  const y = address(at, F.y);
  for (let i = 0; i < n; i++) store<i32>(y + ((<usize>i) << 2), i);
  for (let i = n; i < word(at, F.capacity); i++) store<i32>(y + ((<usize>i) << 2), -1);
  for (let i = n - 1; i > 0; i--) {
    const used = n - 1 - i;
    if ((used & 15) == 0)
      randomWords(seed, word(at, F.streamKind), word(at, F.streamIndex), step, used >> 4, scratch);
    const random = load<u32>(scratch + ((<usize>(used & 15)) << 2));
    const j = <usize>((<u64>random * <u64>(i + 1)) >> 32);
    const a = y + ((<usize>i) << 2);
    const b = y + (j << 2);
    const swapped = load<i32>(a);
    store<i32>(a, load<i32>(b));
    store<i32>(b, swapped);
  }
}
