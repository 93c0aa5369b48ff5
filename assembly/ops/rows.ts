import { exp4 } from '../math/exp';
import { log4 } from '../math/log';

/**
 * Steps that softmax and the KD loss share. A row is worked on in a scratch line padded to whole vectors with −∞, whose
 * exponential is 0: no partial vectors, and any number of columns goes through the same code.
 */

/** Writes x·scale to the line, padded with −∞; answers its maximum. */
export function loadScaled(x: usize, columns: i32, scale: f32, line: usize): f32 {
  const s = f32x4.splat(scale);
  let top = f32x4.splat(-Infinity);
  const whole = columns & ~3;
  let c = 0;
  for (; c < whole; c += 4) {
    const v = f32x4.mul(v128.load(x), s);
    top = f32x4.pmax(top, v);
    v128.store(line, v);
    x += 16;
    line += 16;
  }
  if (c < columns) {
    v128.store(line, f32x4.splat(-Infinity));
    for (; c < columns; c++) {
      store<f32>(line, load<f32>(x) * scale);
      top = f32x4.pmax(top, v128.load32_splat(line));
      x += 4;
      line += 4;
    }
  }
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 2, 3, 0, 1));
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 1, 0, 3, 2));
  return f32x4.extract_lane(top, 0);
}

/** exps = exp(line − top) over whole vectors; answers their sum. */
export function exponentials(line: usize, columns: i32, top: f32, exps: usize): f32 {
  const t = f32x4.splat(top);
  let sum = f32x4.splat(0);
  for (let c = 0; c < columns; c += 4) {
    const e = exp4(f32x4.sub(v128.load(line), t));
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
