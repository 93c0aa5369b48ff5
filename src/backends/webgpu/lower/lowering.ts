import type { CompiledNode } from '../../../compiler/node.js';
import type { Parts } from '../../../compiler/order.js';
import type { AttributesOf, OpName } from '../../../graph/names.js';
import type { DType, Shape } from '../../../graph/shape.js';
import type { FusedAttributesOf, FusedName } from '../fusions/nodes.js';
import type { Kernel } from '../kernel.js';
import type { Speeds } from './tiles.js';

/** What this backend computes: all operators but aliases, and what its fusions make. */
export type LoweredName = Exclude<OpName, 'reshape' | 'stopGradient' | 'unary' | 'binary'> | FusedName;

/** A node that is about to be lowered. */
export interface LoweredNode<K extends LoweredName = LoweredName> extends CompiledNode {
  readonly op: K;
  readonly attributes: (AttributesOf & FusedAttributesOf)[K];
}

/**
 * The kernels that compute a node, in order; `parts` are the outputs that are read of one with several, `speeds` the
 * device's.
 */
export type Lowering<K extends LoweredName> = (
  node: LoweredNode<K>,
  parts: Parts,
  speeds: Speeds,
) => Kernel | readonly Kernel[];

/** Memory that a lowering's own kernels hand on from one to the next. */
export function scratch(shape: Shape, dtype: DType = 'f32'): CompiledNode {
  return { op: 'scratch', inputs: [], attributes: {}, shape, dtype };
}
