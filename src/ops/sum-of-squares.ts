import { checkList } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { isTensor, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** Σ x² over the elements of all inputs, a scalar: for instance the squared global norm of all gradients. */
const sumOfSquaresRule: ShapeRule<'sumOfSquares'> = {
  name: 'sumOfSquares',
  infer: (inputs) => {
    demand(
      inputs.length > 0 && inputs.every(({ dtype }) => dtype === 'f32'),
      'sumOfSquares: one or more f32 tensors are needed',
    );
    return { shape: [], dtype: 'f32' };
  },
};

export const sumOfSquaresOp: Operator<'sumOfSquares'> = {
  rule: sumOfSquaresRule,
  reference: (inputs) =>
    Float64Array.of(inputs.reduce((sum, x) => x.reduce((part, v) => part + v * v, sum), 0)),
  cases: () =>
    [
      ...[[1], [3], [17], [5, 33], [70, 100], [3, 5, 7, 11], [20_011]].map((shape) => [{ shape }]),
      [{ shape: [] }, { shape: [17, 3] }, { shape: [9000] }],
    ].map((inputs) => ({ inputs, attributes: {} })),
};

/** Σ x² over all elements of all tensors, a scalar. */
export function sumOfSquares(tensors: readonly Tensor[]): Tensor {
  checkList(tensors, 'what sumOfSquares adds up', 'tensors', isTensor);
  return apply(sumOfSquaresRule, tensors, {});
}
