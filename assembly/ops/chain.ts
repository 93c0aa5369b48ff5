import { ChainField as F, ChainKind, ChainSlot, Limit } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { binaryOf } from './binary';
import { unaryOf } from './unary';

/**
 * Elementwise operators in sequence, tile by tile. In scratch memory: the slots' addresses, then a buffer for each slot
 * that needs one. Vectors and scalars are laid out as tiles once; a vector longer than a tile is read where it lies, and
 * tiles then end where it does. Which elements share a tile changes nothing about any of them.
 */
export function chain(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const period = word(at, F.period);
  const block = word(at, F.block);
  const streams = word(at, F.streams);
  const start = lo * Limit.elements;
  const end = min(hi * Limit.elements, word(at, F.n));
  const inPlace = period > block;
  prepare(at, start, min(block, end - start), scratch);
  for (let i = start; i < end; ) {
    let count = min(block, end - i);
    let phase = 0;
    if (inPlace) {
      phase = i % period;
      count = min(count, period - phase);
    }
    for (let s = 0; s < ChainSlot.result; s++) {
      const x = address(at, F.x0 + s);
      if (x == 0) break;
      if ((streams >> s) & 1) setSlot(scratch, s, x + (<usize>i << 2));
      else if (inPlace && !isScalar(at, s)) setSlot(scratch, s, x + (<usize>phase << 2));
    }
    setSlot(scratch, ChainSlot.result, address(at, F.y) + (<usize>i << 2));
    runSteps(at, count, scratch);
    i += count;
  }
}

/** Gives buffers to the slots and fills those of vectors, from element `start` on, and scalars. */
function prepare(at: usize, start: i32, floats: i32, scratch: usize): void {
  const period = word(at, F.period);
  const block = word(at, F.block);
  // A cache line and a vector more than a tile: what is 4 KiB apart would wait for each other's stores.
  const stride = (<usize>block << 2) + 80;
  let buffer = scratch + (ChainSlot.count << 2);
  for (let s = 0; s < ChainSlot.count; s++) {
    setSlot(scratch, s, buffer);
    if (s < ChainSlot.result) {
      const x = address(at, F.x0 + s);
      if (x == 0 || (word(at, F.streams) >> s) & 1) continue;
      if (isScalar(at, s)) repeat(x, 0, 1, floats, buffer);
      else if (period > block) continue;
      else repeat(x, start % period, period, floats, buffer);
    }
    buffer += stride;
  }
}

/** to[i] = x[(phase + i) mod period]. */
function repeat(x: usize, phase: i32, period: i32, floats: i32, to: usize): void {
  for (let i = 0; i < floats; i++) {
    store<f32>(to, load<f32>(x + (<usize>phase << 2)));
    to += 4;
    if (++phase == period) phase = 0;
  }
}

function runSteps(at: usize, count: i32, scratch: usize): void {
  let code = address(at, F.code);
  const end = code + ((<usize>word(at, F.steps)) << 3);
  for (; code < end; code += 8) {
    const step = load<u32>(code);
    const kind = <i32>(step & 63);
    const y = slot(scratch, step >> 6);
    const a = slot(scratch, step >> 11);
    const b = slot(scratch, step >> 16);
    if (kind < ChainKind.binary) unaryOf(kind, count, a, y, v128.load32_splat(code, 4));
    else if (kind < ChainKind.multiplyAdd) binaryOf(kind - ChainKind.binary, count, a, b, y);
    else if (kind == ChainKind.multiplyAdd) multiplyAdd<Plain>(count, a, b, slot(scratch, step >> 21), y);
    else multiplyAdd<Relu>(count, a, b, slot(scratch, step >> 21), y);
  }
}

class Plain {}
class Relu {}

// @ts-ignore: decorator
@inline function sum<Kind>(a: v128, b: v128, c: v128): v128 {
  const y = f32x4.add(f32x4.mul(a, b), c);
  return idof<Kind>() == idof<Relu>() ? f32x4.pmax(y, f32x4.splat(0)) : y;
}

/** y = a·b + c, rounded twice as by two operators. */
function multiplyAdd<Kind>(count: i32, a: usize, b: usize, c: usize, y: usize): void {
  const turns = y + (<usize>(count & ~7) << 2);
  while (y < turns) {
    const y0 = sum<Kind>(v128.load(a), v128.load(b), v128.load(c));
    const y1 = sum<Kind>(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16));
    v128.store(y, y0);
    v128.store(y, y1, 16);
    a += 32;
    b += 32;
    c += 32;
    y += 32;
  }
  for (let i = count & 7; i > 0; i--) {
    const last = sum<Kind>(v128.load32_zero(a), v128.load32_zero(b), v128.load32_zero(c));
    store<f32>(y, f32x4.extract_lane(last, 0));
    a += 4;
    b += 4;
    c += 4;
    y += 4;
  }
}

// @ts-ignore: decorator
@inline function isScalar(at: usize, s: i32): bool {
  return ((word(at, F.scalars) >> s) & 1) != 0;
}

// @ts-ignore: decorator
@inline function slot(scratch: usize, bits: u32): usize {
  return <usize>load<u32>(scratch + ((<usize>(bits & 31)) << 2));
}

// @ts-ignore: decorator
@inline function setSlot(scratch: usize, s: i32, to: usize): void {
  store<u32>(scratch + (<usize>s << 2), <u32>to);
}
