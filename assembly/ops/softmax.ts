import { SoftmaxField as F } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { exp4 } from '../math/exp';
import { log4 } from '../math/log';
import { lineBytes, loadRows, SUM_BLOCK, storeRows } from './rows';

/**
 * softmax(x/T) by row, or log-softmax as (x − max)/T − log Σ exp((x − max)/T). The maximum is subtracted before
 * scaling; otherwise huge logits would lose the digits in which they differ.
 */
export function softmax(at: usize, lo: i32, hi: i32, line: usize): void {
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const end = line + lineBytes(columns);
  const inverse = f32x4.splat(1 / float(at, F.temperature));
  const log = word(at, F.log) != 0;
  for (let r = lo; r < hi; r += 4) {
    const rows = min(4, hi - r);
    const offset = <usize>r * stride;
    const top = loadRows(address(at, F.x) + offset, stride, rows, columns, -Infinity, line);
    const sum = exponentials(line, end, top, inverse, log);
    if (log) shift(line, end, log4(sum));
    else scale(line, end, f32x4.div(f32x4.splat(1), sum));
    storeRows(line, rows, columns, address(at, F.y) + offset, stride);
  }
}

/** line = exp((line − top)·factor), or the exponents if `keep`; returns the rows' sums of exponentials. */
function exponentials(line: usize, end: usize, top: v128, factor: v128, keep: bool): v128 {
  let sum = f32x4.splat(0);
  while (line < end) {
    let blockSum = f32x4.splat(0);
    for (const blockEnd = min(line + SUM_BLOCK, end); line < blockEnd; line += 32) {
      const x0 = f32x4.mul(f32x4.sub(v128.load(line), top), factor);
      const x1 = f32x4.mul(f32x4.sub(v128.load(line, 16), top), factor);
      const e0 = exp4(x0);
      const e1 = exp4(x1);
      blockSum = f32x4.add(blockSum, f32x4.add(e0, e1));
      v128.store(line, keep ? x0 : e0);
      v128.store(line, keep ? x1 : e1, 16);
    }
    sum = f32x4.add(sum, blockSum);
  }
  return sum;
}

function shift(line: usize, end: usize, logSum: v128): void {
  for (; line < end; line += 16) v128.store(line, f32x4.sub(v128.load(line), logSum));
}

function scale(line: usize, end: usize, factor: v128): void {
  for (; line < end; line += 16) v128.store(line, f32x4.mul(v128.load(line), factor));
}
