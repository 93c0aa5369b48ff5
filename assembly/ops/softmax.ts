import { SoftmaxField as F } from '../../src/runtime/layout';
import { address, float, word } from '../fields';
import { exponentials, loadCentred, log1, storeLine } from './rows';

/** softmax(x/T) by row, its maximum subtracted first, or log-softmax as (x − max)/T − log Σ exp((x − max)/T). */
export function softmax(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const exps = scratch + ((<usize>(columns + 3) & ~3) << 2);
  const inverse: f32 = 1 / float(at, F.temperature);
  const log = word(at, F.log) != 0;
  let x = address(at, F.x) + <usize>lo * stride;
  let y = address(at, F.y) + <usize>lo * stride;
  for (let r = lo; r < hi; r++) {
    loadCentred(x, columns, inverse, scratch);
    const sum = exponentials(scratch, columns, exps);
    if (log) shift(scratch, columns, log1(sum));
    else scale(exps, columns, 1 / sum);
    storeLine(log ? scratch : exps, columns, y);
    x += stride;
    y += stride;
  }
}

function shift(line: usize, columns: i32, logSum: f32): void {
  const l = f32x4.splat(logSum);
  for (let c = 0; c < columns; c += 4) {
    v128.store(line, f32x4.sub(v128.load(line), l));
    line += 16;
  }
}

function scale(line: usize, columns: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let c = 0; c < columns; c += 4) {
    v128.store(line, f32x4.mul(v128.load(line), f));
    line += 16;
  }
}
