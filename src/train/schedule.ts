/** Learning rate over a run: constant, or half a cosine from the full rate down to 0 (Loshchilov & Hutter 2017, eq. 5). */
export type Schedule = 'cosine' | 'constant';

export interface ScheduleOptions {
  schedule: Schedule;
  /** Peak learning rate. */
  rate: number;
  /** Share of the steps over which it grows linearly to the peak. */
  warmup: number;
  /** Steps in the run. */
  total: number;
}

/** The learning rate of each step in [from, to). */
export function learningRates(
  { schedule, rate, warmup, total }: ScheduleOptions,
  from: number,
  to: number,
): Float32Array {
  const growing = Math.round(warmup * total);
  return Float32Array.from({ length: to - from }, (_, i) => {
    const step = from + i;
    if (step < growing) return (rate * (step + 1)) / growing;
    if (schedule === 'constant') return rate;
    return rate * 0.5 * (1 + cosPi((step - growing) / (total - growing)));
  });
}

/**
 * cos(πx) for x in [0, 1] by Taylor's series to x²⁰, folded to a quarter turn: + − × ÷ only, which every engine
 * computes to the same bits, as Math.cos need not.
 */
export function cosPi(x: number): number {
  const fold = x > 0.5;
  const angle = (fold ? 1 - x : x) * Math.PI;
  const s = -angle * angle;
  let term = 1;
  let sum = 1;
  for (let i = 1; i <= 10; i++) {
    term *= s / ((2 * i - 1) * (2 * i));
    sum += term;
  }
  return fold ? -sum : sum;
}
