import { checkList } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { normalAxis, size, strides } from '../graph/shape.js';
import { checkF32, isTensor, type Node, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { copyView, denseView, type View } from './view.js';

/** a and b end to end along one axis. More tensors are concatenated pair by pair. */
const concatRule: ShapeRule<'concat'> = {
  name: 'concat',
  infer: ([a, b], { axis }) => {
    const fits =
      a!.shape.length === b!.shape.length && a!.shape.every((n, i) => i === axis || n === b!.shape[i]);
    checkF32('concat', [a!, b!]);
    demand(fits, () => `concat: [${a!.shape}] and [${b!.shape}] differ outside axis ${axis}`);
    return { shape: a!.shape.map((n, i) => (i === axis ? n + b!.shape[i]! : n)), dtype: 'f32' };
  },
};

export const concatOp: Operator<'concat'> = {
  rule: concatRule,
  reference: (inputs, node) => {
    const result = new Float64Array(size(node.shape));
    inputs.forEach((x, i) => {
      const { shape } = node.inputs[i]!;
      copyView(x, denseView(shape), result, placeView(node, i), shape);
    });
    return result;
  },
  cases: () => [
    { inputs: [{ shape: [3] }, { shape: [4] }], attributes: { axis: 0 } },
    { inputs: [{ shape: [3, 5] }, { shape: [3, 12] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 1, 5] }], attributes: { axis: 1 } },
  ],
};

/** Where input i goes in the output. */
export function placeView(node: Node<'concat'>, i: number): View {
  const result = strides(node.shape);
  const { axis } = node.attributes;
  return { offset: i === 0 ? 0 : node.inputs[0]!.shape[axis]! * result[axis]!, strides: result };
}

/** Tensors end to end along one axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  checkList(tensors, 'what concat joins', 'tensors', isTensor);
  demand(tensors.length > 0, 'concat: at least one tensor is needed');
  const normal = normalAxis(axis, tensors[0]!.shape.length, 'concat');
  return tensors.reduce((a, b) => apply(concatRule, [a, b], { axis: normal }));
}
