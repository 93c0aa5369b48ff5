import { apply, type ShapeRule } from '../graph/apply.js';
import { normalAxis, strides } from '../graph/shape.js';
import { checkF32, checkTensor, type Node, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** x read backwards along one axis. */
const flipRule: ShapeRule<'flip'> = {
  name: 'flip',
  infer: ([x]) => {
    checkF32('flip', [x!]);
    return { shape: x!.shape, dtype: 'f32' };
  },
};

export const flipOp: Operator<'flip'> = {
  rule: flipRule,
  reference: viewReference(backwardsView),
  cases: () => [
    { inputs: [{ shape: [1, 1] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [17] }], attributes: { axis: 0 } },
    { inputs: [{ shape: [3, 2] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 5, 7, 1] }], attributes: { axis: 2 } },
    { inputs: [{ shape: [3, 4, 6, 3] }], attributes: { axis: 2 } },
    { inputs: [{ shape: [2, 3, 5, 33] }], attributes: { axis: 1 } },
  ],
};

/** From the axis's end, with its stride negative. */
export function backwardsView({ shape, attributes: { axis } }: Node<'flip'>): View {
  const own = strides(shape);
  return {
    offset: (shape[axis]! - 1) * own[axis]!,
    strides: own.map((stride, d) => (d === axis ? -stride : stride)),
  };
}

/** x with the order of its elements along one axis reversed, as NumPy's: images [n, height, width, channels] are mirrored by flip(x, 2). */
export function flip(x: Tensor, axis: number): Tensor {
  checkTensor(x, 'flip');
  return apply(flipRule, [x], { axis: normalAxis(axis, x.shape.length, 'flip') });
}
