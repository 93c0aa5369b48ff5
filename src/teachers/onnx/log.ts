/** Logarithms in float64 by + − × ÷ alone, so that they are the same everywhere (Math.log isn't); error below 1 ulp. */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Of ln(1 + f) − f + f²/2 over s = f / (2 + f), from s² on: fdlibm's e_log.c, of Sun Microsystems 1993. */
const SERIES = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] as const;

/** ln x of a positive number that isn't subnormal. */
export function ln(x: number): number {
  let exponent = 0;
  let mantissa = x;
  while (mantissa >= 2 ** 16) [mantissa, exponent] = [mantissa / 2 ** 16, exponent + 16];
  while (mantissa < 2 ** -16) [mantissa, exponent] = [mantissa * 2 ** 16, exponent - 16];
  while (mantissa > Math.SQRT2) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  while (mantissa < Math.SQRT1_2) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const rest = z * SERIES.reduceRight((sum, coefficient) => sum * z + coefficient, 0);
  const half = 0.5 * f * f;
  return exponent * LN2_HIGH - (half - (s * (half + rest) + exponent * LN2_LOW) - f);
}
