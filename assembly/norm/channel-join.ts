import { ChannelJoinField as F, Limit } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';

/** y[c] = Σ_t x[first + t, c] / divisor, the chunks' sums added in sequence in f64. */
export function channelJoin(at: usize, lo: i32, hi: i32): void {
  const chunks = word(at, F.chunks);
  const channels = word(at, F.channels);
  const stride = <usize>channels << 2;
  const divisor = <f64>word(at, F.divisor);
  const x = address(at, F.x) + <usize>word(at, F.first) * stride;
  const y = address(at, F.y);
  const end = min(hi * Limit.elements, channels);
  for (let c = lo * Limit.elements; c < end; c += 4) {
    const offset = <usize>c << 2;
    // Past the last channel vectors hold what lies behind it, which isn't stored.
    let from = x + offset;
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let t = 0; t < chunks; t++) {
      const sums = v128.load(from);
      low = f64x2.add(low, f64x2.promote_low_f32x4(sums));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(sums, sums, 1, 0)));
      from += stride;
    }
    const divisors = f64x2.splat(divisor);
    low = f32x4.demote_f64x2_zero(f64x2.div(low, divisors));
    high = f32x4.demote_f64x2_zero(f64x2.div(high, divisors));
    storeLanes(v128.shuffle<i64>(low, high, 0, 2), min(4, end - c), y + offset);
  }
}
