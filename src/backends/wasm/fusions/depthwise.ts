import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf } from '../../../graph/names.js';
import { depthwiseSums } from '../lower/depthwise.js';
import type { FusedNode } from './nodes.js';

/**
 * The weights' gradient of a depthwise convolution is the sum of partial sums over fixed numbers of rows, so that all
 * threads have work and its bits depend on shapes alone.
 */
export const fuseDepthwise: Rewrite = {
  name: 'gradients of depthwise weights by chunks',
  apply: (roots) =>
    rebuild(roots, (node) => {
      if (node.op !== 'depthwiseWeight') return node;
      const partial: FusedNode<'partialDepthwiseWeight'> = {
        op: 'partialDepthwiseWeight',
        inputs: node.inputs,
        attributes: node.attributes as AttributesOf['depthwiseWeight'],
        shape: [depthwiseSums(node.inputs[1]!.shape).count, ...node.shape],
        dtype: 'f32',
      };
      return { ...node, inputs: [partial] };
    }),
};
