import type { Tensor } from '../graph/tensor.js';
import { add } from './binary.js';
import { abs, exp, log, scale, shift } from './unary.js';

/** log(1 + eˣ), which stays finite for large x; within 1e-7 or 2 ulp. Its gradient is sigmoid(x). */
export function softplus(x: Tensor): Tensor {
  const size = abs(x);
  // max(x, 0) as ½x + ½|x|, whose gradient at 0 is ½, as softplus's is.
  return add(add(scale(x, 0.5), scale(size, 0.5)), log(shift(exp(scale(size, -1)), 1)));
}
