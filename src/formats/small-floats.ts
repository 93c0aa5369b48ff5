/** A format of floats of at most 16 bits: sign, exponent, mantissa, from the top. */
interface SmallFloat {
  readonly exponent: number;
  readonly mantissa: number;
  /** What the largest exponents mean: as IEEE 754 has it, NaN only with all bits set, or just numbers. */
  readonly top: 'ieee' | 'nan' | 'numbers';
}

export const smallFloats = {
  F16: { exponent: 5, mantissa: 10, top: 'ieee' },
  BF16: { exponent: 8, mantissa: 7, top: 'ieee' },
  F8_E5M2: { exponent: 5, mantissa: 2, top: 'ieee' },
  F8_E4M3: { exponent: 4, mantissa: 3, top: 'nan' },
  F4: { exponent: 2, mantissa: 1, top: 'numbers' },
} as const satisfies Record<string, SmallFloat>;

/** What each pattern of bits stands for, exactly. */
export function valuesOf({ exponent, mantissa, top }: SmallFloat): Float32Array {
  const values = new Float32Array(2 ** (1 + exponent + mantissa));
  const bias = 2 ** (exponent - 1) - 1;
  const half = values.length / 2;
  const highest = 2 ** exponent - 1;
  for (let bits = 0; bits < half; bits++) {
    const power = bits >>> mantissa;
    const fraction = (bits & (2 ** mantissa - 1)) / 2 ** mantissa;
    let value = power === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (power - bias);
    if (top === 'ieee' && power === highest) value = fraction === 0 ? Infinity : NaN;
    if (top === 'nan' && bits === half - 1) value = NaN;
    values[bits] = value;
    values[half + bits] = -value;
  }
  return values;
}

/** Powers of two, as block scales have them: E8M0. */
export function powersOfTwo(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? NaN : 2 ** (bits - 127)));
}
