import { ChannelSumsField as F, ChannelSumsKind, Header } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** Rows from this many floats on are read one by one: rows far apart took up to twice the time (measured on Zen). */
const LONG = 128;

/**
 * Sums by channel over chunks of rows, each in a fixed order: four short rows (two, where two tensors are read) are added
 * to each other, then to the sums, which stay in the L1 cache; at the end the pixels that lie side by side in a row are
 * added. Rows are whole pixels and 64 floats at least, so that loops are long and vectors never straddle two rows.
 */
export function channelSums(at: usize, lo: i32, hi: i32, scratch: usize): void {
  switch (word(at, F.kind)) {
    case ChannelSumsKind.sum: return chunks<Sum>(at, lo, hi, scratch);
    case ChannelSumsKind.squares: return chunks<Squares>(at, lo, hi, scratch);
    case ChannelSumsKind.centered: return chunks<Centered>(at, lo, hi, scratch);
    case ChannelSumsKind.masked: return chunks<Masked>(at, lo, hi, scratch);
    default: unreachable();
  }
}

class Sum {}
class Squares {}
class Centered {}
class Masked {}

/** Whether two sums are made, of another tensor. */
// @ts-ignore: decorator
@inline function two<Kind>(): bool {
  return idof<Kind>() == idof<Centered>() || idof<Kind>() == idof<Masked>();
}

/** What is added to the first sum; the second takes that times x − mean. */
// @ts-ignore: decorator
@inline function term<Kind>(x: v128, up: v128, mean: v128, a: v128, b: v128): v128 {
  if (idof<Kind>() == idof<Sum>()) return x;
  if (idof<Kind>() == idof<Centered>()) return up;
  if (idof<Kind>() == idof<Masked>())
    return v128.and(up, f32x4.gt(f32x4.add(f32x4.mul(x, a), b), f32x4.splat(0)));
  const d = f32x4.sub(x, mean);
  return f32x4.mul(d, d);
}

function chunks<Kind>(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = word(at, F.n);
  const width = word(at, F.width);
  const chunk = word(at, F.rows) * width;
  const channels = word(at, F.channels);
  const bytes = <usize>width << 2;
  const constants = scratch + 2 * bytes;
  if (idof<Kind>() != idof<Sum>()) repeat(address(at, F.mean), channels, width, constants);
  if (idof<Kind>() == idof<Masked>()) {
    repeat(address(at, F.a), channels, width, constants + bytes);
    repeat(address(at, F.b), channels, width, constants + 2 * bytes);
  }
  const count = word(at, Header.tiles);
  const turn = width >= LONG ? width : two<Kind>() ? 2 * width : 4 * width;
  for (let t = lo; t < hi; t++) {
    const first = t * chunk;
    let x = address(at, F.x) + (<usize>first << 2);
    let up = address(at, F.up) + (<usize>first << 2);
    let left = t == count - 1 ? n - first : chunk;
    memory.fill(scratch, 0, 2 * bytes);
    for (; left >= turn; left -= turn) {
      if (turn == width) oneRow<Kind>(x, up, width, bytes, scratch);
      else if (two<Kind>()) twoRows<Kind>(x, up, bytes, scratch);
      else fourRows<Kind>(x, bytes, scratch);
      x += <usize>turn << 2;
      up += <usize>turn << 2;
    }
    for (; left > 0; left -= width) {
      oneRow<Kind>(x, up, min(left, width), bytes, scratch);
      x += bytes;
      up += bytes;
    }
    const y = address(at, F.y) + (<usize>(t * channels) << 2);
    fold(scratch, channels, width, y);
    if (two<Kind>()) fold(scratch + bytes, channels, width, y + (<usize>(count * channels) << 2));
  }
}

/** Of a row: the first sums, the second ones, means, a and b, each of `bytes`, begin at `at`. */
function fourRows<Kind>(x: usize, bytes: usize, at: usize): void {
  const end = at + bytes;
  const zero = f32x4.splat(0);
  while (at < end) {
    const mean = idof<Kind>() == idof<Sum>() ? zero : v128.load(at + 2 * bytes);
    const t0 = term<Kind>(v128.load(x), zero, mean, zero, zero);
    const t1 = term<Kind>(v128.load(x + bytes), zero, mean, zero, zero);
    const t2 = term<Kind>(v128.load(x + 2 * bytes), zero, mean, zero, zero);
    const t3 = term<Kind>(v128.load(x + 3 * bytes), zero, mean, zero, zero);
    v128.store(at, f32x4.add(v128.load(at), f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3))));
    x += 16;
    at += 16;
  }
}

function twoRows<Kind>(x: usize, up: usize, bytes: usize, at: usize): void {
  const end = at + bytes;
  const zero = f32x4.splat(0);
  while (at < end) {
    const mean = v128.load(at + 2 * bytes);
    const a = idof<Kind>() == idof<Masked>() ? v128.load(at + 3 * bytes) : zero;
    const b = idof<Kind>() == idof<Masked>() ? v128.load(at + 4 * bytes) : zero;
    const x0 = v128.load(x);
    const x1 = v128.load(x + bytes);
    const t0 = term<Kind>(x0, v128.load(up), mean, a, b);
    const t1 = term<Kind>(x1, v128.load(up + bytes), mean, a, b);
    v128.store(at, f32x4.add(v128.load(at), f32x4.add(t0, t1)));
    const d0 = f32x4.mul(t0, f32x4.sub(x0, mean));
    const d1 = f32x4.mul(t1, f32x4.sub(x1, mean));
    v128.store(at + bytes, f32x4.add(v128.load(at + bytes), f32x4.add(d0, d1)));
    x += 16;
    up += 16;
    at += 16;
  }
}

/** A row, or what is left of one. */
function oneRow<Kind>(x: usize, up: usize, floats: i32, bytes: usize, at: usize): void {
  const zero = f32x4.splat(0);
  let end = at + (<usize>(floats & ~3) << 2);
  while (at < end) {
    const own = v128.load(x);
    const mean = idof<Kind>() == idof<Sum>() ? zero : v128.load(at + 2 * bytes);
    const a = idof<Kind>() == idof<Masked>() ? v128.load(at + 3 * bytes) : zero;
    const b = idof<Kind>() == idof<Masked>() ? v128.load(at + 4 * bytes) : zero;
    const t = term<Kind>(own, two<Kind>() ? v128.load(up) : zero, mean, a, b);
    v128.store(at, f32x4.add(v128.load(at), t));
    if (two<Kind>())
      v128.store(at + bytes, f32x4.add(v128.load(at + bytes), f32x4.mul(t, f32x4.sub(own, mean))));
    x += 16;
    up += 16;
    at += 16;
  }
  end = at + (<usize>(floats & 3) << 2);
  while (at < end) {
    const own = v128.load32_zero(x);
    const mean = v128.load32_zero(at + 2 * bytes);
    const a = v128.load32_zero(at + 3 * bytes);
    const b = v128.load32_zero(at + 4 * bytes);
    const t = term<Kind>(own, v128.load32_zero(up), mean, a, b);
    add1(at, t);
    if (two<Kind>()) add1(at + bytes, f32x4.mul(t, f32x4.sub(own, mean)));
    x += 4;
    up += 4;
    at += 4;
  }
}

// @ts-ignore: decorator
@inline function add1(at: usize, t: v128): void {
  store<f32>(at, load<f32>(at) + f32x4.extract_lane(t, 0));
}

/** `width` floats as those of `channels` over and over. */
function repeat(from: usize, channels: i32, width: i32, to: usize): void {
  const bytes = <usize>channels << 2;
  for (let i = 0; i < width; i += channels) memory.copy(to + (<usize>i << 2), from, bytes);
}

/** y[c] = Σ sums[i·channels + c], pixel after pixel. */
function fold(sums: usize, channels: i32, width: i32, y: usize): void {
  const bytes = <usize>channels << 2;
  memory.copy(y, sums, bytes);
  for (let i = channels; i < width; i++) {
    const to = y + ((<usize>(i % channels)) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(sums + (<usize>i << 2)));
  }
}
