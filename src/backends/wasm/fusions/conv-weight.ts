import type { CompiledNode } from '../../../compiler/node.js';
import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf } from '../../../graph/names.js';
import { size } from '../../../graph/shape.js';
import { chunksOf, sizesOf } from '../weight-chunks.js';
import type { FusedNode } from './nodes.js';

type Attributes = AttributesOf['conv2dWeight'];

/**
 * The weights' gradient of a convolution that is a product becomes one. Others that have too few blocks for all threads
 * become partial sums over groups of pixels, and their sum.
 */
export const fuseWeightGradients: Rewrite = {
  name: "weights' gradients as products or by partial sums",
  apply: (roots) =>
    rebuild(roots, (node) => {
      if (node.op !== 'conv2dWeight') return node;
      const attributes = node.attributes as Attributes;
      const depth = depthOfProduct(node, attributes);
      if (depth > 0) return product(node, depth);
      const { groups } = chunksOf(sizesOf(node.inputs, attributes), attributes);
      if (groups === 1) return node;
      const partial: FusedNode<'partialWeights'> = {
        op: 'partialWeights',
        inputs: node.inputs,
        attributes,
        shape: [groups, ...node.shape],
        dtype: 'f32',
      };
      return { ...node, op: 'reduce', inputs: [partial], attributes: { kind: 'sum', axis: 0 } };
    }),
};

/** All pixels, if kernels are pixels; images, if kernels are images; otherwise 0. */
function depthOfProduct({ inputs }: CompiledNode, { kernel, stride, padding, dilation }: Attributes): number {
  const [images, height, width] = inputs[0]!.shape as [number, number, number];
  if (padding.some((pixels) => pixels > 0)) return 0;
  const pointwise = kernel.every((n) => n === 1) && stride.every((n) => n === 1);
  if (pointwise) return images * height * width;
  const whole = [height, width].every((n, i) => kernel[i] === n && (n === 1 || dilation[i] === 1));
  return whole ? images : 0;
}

function product(node: CompiledNode, depth: number): CompiledNode {
  const matrix = (input: CompiledNode): CompiledNode => ({
    ...input,
    op: 'reshape',
    inputs: [input],
    attributes: {},
    shape: [depth, size(input.shape) / depth],
  });
  const [a, b] = node.inputs.map(matrix) as [CompiledNode, CompiledNode];
  return {
    ...node,
    op: 'reshape',
    inputs: [
      {
        op: 'matmul',
        inputs: [a, b],
        attributes: { transposeA: true, transposeB: false },
        shape: [a.shape[1]!, b.shape[1]!],
        dtype: 'f32',
      },
    ],
    attributes: {},
  };
}
