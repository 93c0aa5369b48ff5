import type { Tensor } from '../graph/tensor.js';
import { divide, square } from './binary.js';
import { sum } from './reduce.js';
import { column } from './reshape.js';
import { relu, shift, sqrt } from './unary.js';

/** Rows of L2 norm 1; those shorter than `least` are divided by that, as PyTorch does: a row of zeros stays one. */
export function unitRows(x: Tensor, least = 1e-12): Tensor {
  const floor = least * least;
  return divide(x, column(sqrt(shift(relu(shift(sum(square(x), 1), -floor)), floor))));
}
