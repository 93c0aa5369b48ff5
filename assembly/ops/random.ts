import { Limit, RandomField as F, RandomKind } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { log1 } from '../math/log';
import { randomWords } from '../math/philox';

/** Initial weights: uniform in [−scale, scale) or normal with deviation scale (Box & Muller 1958). */
export function random(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const n = word(at, F.n);
  const scale = float(at, F.scale);
  const y = address(at, F.y);
  for (let t = lo; t < hi; t++) {
    randomWords(seed, word(at, F.streamKind), word(at, F.streamIndex), step, t, scratch);
    if (word(at, F.kind) == RandomKind.uniform) uniform(scratch, scale);
    else normal(scratch, scale);
    const first = t * Limit.elements;
    memory.copy(y + ((<usize>first) << 2), scratch, (<usize>min(Limit.elements, n - first)) << 2);
  }
}

/** In [0, 1), a multiple of 2⁻²⁴: exact in f32. */
function unit(word: u32): f32 {
  return <f32>(word >> 8) * <f32>(1.0 / 16777216.0);
}

function uniform(words: usize, scale: f32): void {
  for (let p = words; p < words + 64; p += 4) store<f32>(p, (2 * unit(load<u32>(p)) - 1) * scale);
}

/** Each pair of words (e, e + 1) gives two normal numbers. */
function normal(words: usize, scale: f32): void {
  for (let p = words; p < words + 64; p += 8) {
    const u: f32 = 1 - unit(load<u32>(p)); // in (0, 1]: its logarithm is finite
    const radius = sqrt<f32>(-2 * log1(u)) * scale;
    const angle = unit(load<u32>(p, 4));
    store<f32>(p, radius * <f32>cosTurn(angle));
    store<f32>(p, radius * <f32>cosTurn(angle - 0.25), 4);
  }
}

/** cos(2π·x) for x in [−¼, 1): folded to a quarter turn, then Taylor's series to x¹⁶ in f64 (error below 1e-14). */
function cosTurn(x: f64): f64 {
  let turn = abs(x);
  if (turn > 0.5) turn = 1 - turn;
  const flip = turn > 0.25;
  if (flip) turn = 0.5 - turn;
  const angle = turn * 6.283185307179586;
  const s = -angle * angle;
  let term: f64 = 1;
  let sum: f64 = 1;
  for (let i = 1; i <= 8; i++) {
    term *= s / <f64>((2 * i - 1) * (2 * i));
    sum += term;
  }
  return flip ? -sum : sum;
}
