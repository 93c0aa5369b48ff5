import { apply, type ShapeRule } from '../graph/apply.js';
import type { Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** The same elements. It takes no instruction: the compiler leaves it out once gradients are taken. */
const stopGradientRule: ShapeRule<'stopGradient'> = {
  name: 'stopGradient',
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
};

export const stopGradientOp: Operator<'stopGradient'> = {
  rule: stopGradientRule,
  reference: ([x]) => x!,
  cases: () => [
    { inputs: [{ shape: [3, 5] }], attributes: {} },
    { inputs: [{ shape: [1] }], attributes: {} },
  ],
};

/** x as a constant: what is computed from it moves nothing that x is computed from. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientRule, [x], {});
}
