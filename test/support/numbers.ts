/** Numbers about 0 of this deviation, from a small generator of their own (Lehmer's). */
export function numbers(n: number, seed: number, deviation: number): Float32Array {
  let state = seed * 7919 + 12345;
  const unit = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Float32Array.from({ length: n }, () => (unit() + unit() + unit() - 1.5) * 2 * deviation);
}
