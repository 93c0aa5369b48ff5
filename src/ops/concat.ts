import { demand } from '../errors.js';
import { apply } from '../graph/apply.js';
import { normalAxis, size, strides } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { copyView, denseView, type View } from './view.js';

/** a and b end to end along one axis. More tensors are concatenated pair by pair. */
export const concatOp: Operator<'concat'> = {
  name: 'concat',
  infer: ([a, b], { axis }) => {
    const fits =
      a!.shape.length === b!.shape.length && a!.shape.every((n, i) => i === axis || n === b!.shape[i]);
    demand(fits, () => `concat: [${a!.shape}] and [${b!.shape}] differ outside axis ${axis}`);
    return { shape: a!.shape.map((n, i) => (i === axis ? n + b!.shape[i]! : n)), dtype: 'f32' };
  },
  reference: (inputs, node) => {
    const result = new Float64Array(size(node.shape));
    inputs.forEach((x, i) => {
      const { shape } = node.inputs[i]!;
      copyView(x, denseView(shape), result, placeView(node, i), shape);
    });
    return result;
  },
  cases: [
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
  demand(tensors.length > 0, 'concat: at least one tensor is needed');
  const normal = normalAxis(axis, tensors[0]!.shape.length, 'concat');
  return tensors.reduce((a, b) => apply(concatOp, [a, b], { axis: normal }));
}
