import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { sliced } from './slice.js';
import { referenceCopy, stridedCopy, type View } from './strided.js';
import { normalAxis, require, size, strides, type Tensor } from './tensor.js';

/** a and b end to end along one axis. More tensors are concatenated pair by pair. */
export const concat: Operator = {
  name: 'concat',
  infer: ([a, b], attributes) => {
    const axis = attributes.axis as number;
    const fits =
      a!.shape.length === b!.shape.length && a!.shape.every((n, i) => i === axis || n === b!.shape[i]);
    require(fits, `concat: [${a!.shape}] and [${b!.shape}] differ outside axis ${axis}`);
    return { shape: a!.shape.map((n, i) => (i === axis ? n + b!.shape[i]! : n)), dtype: 'f32' };
  },
  gradient: (node, up) => {
    const axis = node.attributes.axis as number;
    const [a, b] = node.inputs as [Tensor, Tensor];
    const start = a.shape.map((n, i) => (i === axis ? n : 0));
    return [
      sliced(
        up,
        a.shape.map(() => 0),
        a.shape,
      ),
      sliced(up, start, b.shape),
    ];
  },
  lower: (node) =>
    [0, 1].map((i) => stridedCopy(node.inputs[i]!, own(node, i), node, into(node, i), node.inputs[i]!.shape)),
  reference: (inputs, node) => {
    const result = new Float64Array(size(node.shape));
    inputs.forEach((x, i) => {
      referenceCopy(x, own(node, i), result, into(node, i), node.inputs[i]!.shape);
    });
    return result;
  },
  cases: [
    { inputs: [{ shape: [3] }, { shape: [4] }], attributes: { axis: 0 } },
    { inputs: [{ shape: [3, 5] }, { shape: [3, 12] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 1, 5] }], attributes: { axis: 1 } },
  ],
};

function own(node: Tensor, i: number): View {
  return { strides: strides(node.inputs[i]!.shape) };
}

function into(node: Tensor, i: number): View {
  const result = strides(node.shape);
  const axis = node.attributes.axis as number;
  return { offset: i === 0 ? 0 : node.inputs[0]!.shape[axis]! * result[axis]!, strides: result };
}

/** Tensors end to end along one axis. */
export function concatenate(tensors: readonly Tensor[], axis: number): Tensor {
  require(tensors.length > 0, 'concat: at least one tensor is needed');
  const normal = normalAxis(axis, tensors[0]!.shape.length, 'concat');
  return tensors.reduce((a, b) => apply(concat, [a, b], { axis: normal }));
}
