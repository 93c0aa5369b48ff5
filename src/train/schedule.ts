/** Learning rate over a run: constant, or half a cosine from the full rate down to 0 (Loshchilov & Hutter 2017, eq. 5). */
export type Schedule = 'cosine' | 'constant';

/** The learning rate of each step in [from, to) of `total`. */
export function learningRates(
  schedule: Schedule,
  rate: number,
  from: number,
  to: number,
  total: number,
): Float32Array {
  return Float32Array.from({ length: to - from }, (_, i) =>
    schedule === 'constant' ? rate : rate * 0.5 * (1 + cosPi((from + i) / total)),
  );
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
