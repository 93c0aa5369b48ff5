/** The nearest f16's bits, the even one of two; what is too large is infinite. */
export function f16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // In units of the last bit, which is 2⁻²⁴ of the smallest, and doubles with each power of two.
  let unit = 2 ** -24;
  while (size >= 2048 * unit) unit *= 2;
  let exponent = 1;
  for (let u = unit; u > 2 ** -24; u /= 2) exponent++;
  const units = rounded(size / unit);
  // Below 1024 units it has no hidden bit; 2048 of them are the next power of two, to which the carry leads.
  return sign | (units < 1024 ? units : (exponent << 10) + (units - 1024));
}

function rounded(units: number): number {
  const floor = Math.floor(units);
  const over = units - floor;
  return over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
