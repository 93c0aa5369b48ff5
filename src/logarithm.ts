/**
 * The natural logarithm in float64, to some 1e-15 of its value: of + − × ÷ alone, so that it is the same number on every
 * machine, which Math.log needn't be. −∞ of 0, NaN below.
 */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : Number.NaN;
  // Subnormal numbers are lifted to where the exponent's bits say all.
  const tiny = x < LEAST_NORMAL;
  const { doubles, words } = memory();
  doubles[0] = tiny ? x * LIFT : x;
  let exponent = (words[1]! >>> 20) - 1023 - (tiny ? 54 : 0);
  words[1] = (words[1]! & 0xfffff) | 0x3ff00000;
  let mantissa = doubles[0]!;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  return exponent * LN2_HIGH + (exponent * LN2_LOW + ofMantissa(mantissa));
}

const LEAST_NORMAL = 2.2250738585072014e-308;
/** 2⁵⁴ */
const LIFT = 18014398509481984;

/** ln 2 in two parts; of the first the last bits are 0, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** From √½ to √2: ln m = 2·artanh((m − 1)/(m + 1)), whose argument is at most 0.172, by its series. */
function ofMantissa(m: number): number {
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = (sum + 1 / n) * square;
  return 2 * s + 2 * s * sum;
}

let shared: { doubles: Float64Array; words: Uint32Array } | undefined;

/** A double and its two words, the lower one first, as on all hosts of WebAssembly that there are. */
function memory() {
  if (!shared) {
    const doubles = new Float64Array(1);
    shared = { doubles, words: new Uint32Array(doubles.buffer) };
  }
  return shared;
}
