import { exp4 } from '../math/exp';
import { log4 } from '../math/log';

/**
 * Steps that softmax and the KD loss share. A row is worked on in a scratch line padded to whole vectors with −∞, whose
 * exponential is 0: no partial vectors, and any number of columns goes through the same code.
 */

/**
 * Writes (x − max)·scale to the line, padded with −∞; answers max. The maximum is taken off before scaling: huge logits
 * would otherwise lose the digits in which they differ.
 */
export function loadCentred(x: usize, columns: i32, scale: f32, line: usize): f32 {
  const top = maximum(x, columns);
  const t = f32x4.splat(top);
  const s = f32x4.splat(scale);
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    v128.store(line, f32x4.mul(f32x4.sub(v128.load(x), t), s));
    x += 16;
    line += 16;
  }
  if (c < columns) {
    v128.store(line, f32x4.splat(-Infinity));
    for (; c < columns; c++) {
      store<f32>(line, (load<f32>(x) - top) * scale);
      x += 4;
      line += 4;
    }
  }
  return top;
}

function maximum(x: usize, columns: i32): f32 {
  let top = f32x4.splat(-Infinity);
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    top = f32x4.pmax(top, v128.load(x));
    x += 16;
  }
  for (; c < columns; c++) {
    top = f32x4.pmax(top, v128.load32_splat(x));
    x += 4;
  }
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 2, 3, 0, 1));
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 1, 0, 3, 2));
  return f32x4.extract_lane(top, 0);
}

/** exps = exp(line) over whole vectors; answers their sum. */
export function exponentials(line: usize, columns: i32, exps: usize): f32 {
  let sum = f32x4.splat(0);
  for (let c = 0; c < columns; c += 4) {
    const e = exp4(v128.load(line));
    sum = f32x4.add(sum, e);
    v128.store(exps, e);
    line += 16;
    exps += 16;
  }
  return total(sum);
}

/** Sum of the four lanes, pairwise. */
export function total(v: v128): f32 {
  v = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  v = f32x4.add(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2));
  return f32x4.extract_lane(v, 0);
}

export function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** Copies n floats of any alignment. */
export function storeLine(line: usize, columns: i32, y: usize): void {
  memory.copy(y, line, (<usize>columns) << 2);
}
