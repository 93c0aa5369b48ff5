import type { Tensor } from '../graph/tensor.js';
import { add, square, subtract } from './binary.js';
import { abs, relu, scale, shift } from './unary.js';

/** Huber's loss with δ = 1: ½d² up to |d| = 1, then |d| − ½. */
export function huber(d: Tensor): Tensor {
  const size = abs(d);
  // Both are ½m² + |d| − m with m = min(|d|, 1).
  const most = subtract(size, relu(shift(size, -1)));
  return add(scale(square(most), 0.5), subtract(size, most));
}
