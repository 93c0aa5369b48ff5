import { median, ratios, type Samples } from './measure.ts';

/** The yardsticks' rates in GFLOP/s, round by round. */
export interface Rates {
  /** Of multiply + add on registers. */
  peak: Samples;
  /** Of a large product. */
  product: Samples;
}

/**
 * The rate that shares are of: the lower of the two yardsticks, round by round. Where the product is slower than the
 * probe, either the probe isn't what kernels are limited by or a neighbor takes units that it doesn't need; where the
 * probe is slower, it is what the goals were set against.
 */
export function suited({ peak, product }: Rates): Samples {
  return peak.map((rate, i) => Math.min(rate, product[i]!));
}

/** A yardstick over a run: its median, and where four fifths of it lie. */
export interface Yardstick {
  gflops: number;
  low: number;
  high: number;
}

export function yardstickOf(rates: Samples): Yardstick {
  const sorted = [...rates].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))] ?? 0;
  return { gflops: median(rates), low: at(0.1), high: at(0.9) };
}

/** Distance between the 10th and the 90th percentile of a yardstick, over its median, from which a run was disturbed. */
const UNREST = 0.1;

export const isDisturbed = ({ gflops, low, high }: Yardstick): boolean => (high - low) / gflops > UNREST;

/** Both medians and their ratio, for a row's detail. */
export function besideOf({ peak, product }: Rates): string {
  return `${median(peak).toFixed(1)} by the probe, ${median(product).toFixed(1)} by a large product`;
}

/** The large product over the probe. */
export const productOverPeak = ({ peak, product }: Rates): Samples => ratios(product, peak);
