import { Header, NormGradientField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** Rows from this many floats on are read one by one, as for the sums. */
const LONG = 128;

/**
 * The gradient of a batch norm's input in one pass, two short rows a turn. What belongs to channels is laid out vector by vector
 * in the order in which it is read, so that one address finds it: six would be kept on the stack. A chain of elementwise
 * operators gives the same bits in twice the time, as this loads constants for two rows and stores nothing between.
 */
export function normGradient(at: usize, lo: i32, hi: i32, scratch: usize): void {
  if (address(at, F.a)) chunks<Masked>(at, lo, hi, scratch);
  else chunks<Whole>(at, lo, hi, scratch);
}

class Masked {}
class Whole {}

/** Bytes of six vectors of constants. */
const GROUP: usize = 96;

// @ts-ignore: decorator
@inline function value<Kind>(x: v128, up: v128, slope: v128, mean: v128, toVariance: v128, toMean: v128, a: v128, b: v128): v128 {
  if (idof<Kind>() == idof<Masked>()) up = v128.and(up, f32x4.gt(f32x4.add(f32x4.mul(x, a), b), f32x4.splat(0)));
  const through = f32x4.add(toMean, f32x4.mul(toVariance, f32x4.sub(x, mean)));
  return f32x4.add(f32x4.mul(up, slope), through);
}

function chunks<Kind>(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = word(at, F.n);
  const width = word(at, F.width);
  const chunk = word(at, F.rows) * width;
  const channels = word(at, F.channels);
  const bytes = <usize>width << 2;
  const kinds: usize = idof<Kind>() == idof<Masked>() ? 6 : 4;
  for (let k: usize = 0; k < kinds; k++)
    spread(address(at, F.slope + <i32>k), channels, width, scratch + (k << 4));
  const first = lo * chunk;
  let x = address(at, F.x) + (<usize>first << 2);
  let up = address(at, F.up) + (<usize>first << 2);
  let y = address(at, F.y) + (<usize>first << 2);
  let left = (hi == word(at, Header.tiles) ? n : hi * chunk) - first;
  for (; width < LONG && left >= 2 * width; left -= 2 * width) {
    twoRows<Kind>(x, up, y, bytes, scratch);
    x += 2 * bytes;
    up += 2 * bytes;
    y += 2 * bytes;
  }
  for (; left > 0; left -= width) {
    oneRow<Kind>(x, up, y, min(left, width), scratch);
    x += bytes;
    up += bytes;
    y += bytes;
  }
}

/** The constants of one kind over a row: vector j at to + j·GROUP. */
function spread(from: usize, channels: i32, width: i32, to: usize): void {
  for (let i = 0, c = 0; i < width; i++) {
    store<f32>(to + <usize>(i >> 2) * GROUP + ((<usize>i & 3) << 2), load<f32>(from + (<usize>c << 2)));
    if (++c == channels) c = 0;
  }
}

function twoRows<Kind>(x: usize, up: usize, y: usize, bytes: usize, k: usize): void {
  const end = x + bytes;
  const zero = f32x4.splat(0);
  while (x < end) {
    const slope = v128.load(k);
    const mean = v128.load(k, 16);
    const toVariance = v128.load(k, 32);
    const toMean = v128.load(k, 48);
    const a = idof<Kind>() == idof<Masked>() ? v128.load(k, 64) : zero;
    const b = idof<Kind>() == idof<Masked>() ? v128.load(k, 80) : zero;
    v128.store(y, value<Kind>(v128.load(x), v128.load(up), slope, mean, toVariance, toMean, a, b));
    v128.store(
      y + bytes,
      value<Kind>(v128.load(x + bytes), v128.load(up + bytes), slope, mean, toVariance, toMean, a, b),
    );
    x += 16;
    up += 16;
    y += 16;
    k += GROUP;
  }
}

/** A row, or what is left of one. */
function oneRow<Kind>(x: usize, up: usize, y: usize, floats: i32, k: usize): void {
  const zero = f32x4.splat(0);
  let end = x + (<usize>(floats & ~3) << 2);
  while (x < end) {
    const a = idof<Kind>() == idof<Masked>() ? v128.load(k, 64) : zero;
    const b = idof<Kind>() == idof<Masked>() ? v128.load(k, 80) : zero;
    v128.store(
      y,
      value<Kind>(v128.load(x), v128.load(up), v128.load(k), v128.load(k, 16), v128.load(k, 32), v128.load(k, 48), a, b),
    );
    x += 16;
    up += 16;
    y += 16;
    k += GROUP;
  }
  end = x + (<usize>(floats & 3) << 2);
  while (x < end) {
    const only = value<Kind>(
      v128.load32_zero(x),
      v128.load32_zero(up),
      v128.load32_zero(k),
      v128.load32_zero(k, 16),
      v128.load32_zero(k, 32),
      v128.load32_zero(k, 48),
      v128.load32_zero(k, 64),
      v128.load32_zero(k, 80),
    );
    store<f32>(y, f32x4.extract_lane(only, 0));
    x += 4;
    up += 4;
    y += 4;
    k += 4;
  }
}
