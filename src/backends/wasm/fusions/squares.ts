import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import { size } from '../../../graph/shape.js';
import { Limit } from '../layout.js';
import type { FusedNode } from './nodes.js';

/**
 * A sum of squares is built from partial sums of fixed chunks, so that all threads have work and its bits depend on
 * shapes alone. A separate node computes these for each tensor, right after the tensor itself, while it is still in the
 * cache.
 */
export const fuseSquares: Rewrite = {
  name: 'sums of squares by chunks',
  apply: (roots) =>
    rebuild(roots, (node) => {
      if (node.op !== 'sumOfSquares') return node;
      const inputs = node.inputs.map(
        (input): FusedNode<'partialSquares'> => ({
          op: 'partialSquares',
          inputs: [input],
          attributes: {},
          shape: [Math.ceil(size(input.shape) / Limit.chunk)],
          dtype: 'f32',
        }),
      );
      return { ...node, inputs };
    }),
};
