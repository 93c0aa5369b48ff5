import type { CompiledNode } from '../../../compiler/node.js';
import type { Parts } from '../../../compiler/order.js';
import type { Kernel } from '../kernel.js';
import { elementwise } from './elementwise.js';
import type { LoweredName, LoweredNode, Lowering } from './lowering.js';

/** The kernels of every operator and fusion; a missing entry is a compile error. */
const lowerings: { readonly [K in LoweredName]?: Lowering<K> } = {
  elementwise,
};

/** The kernels that compute a node. */
export function lowered(node: CompiledNode, parts: Parts): readonly Kernel[] {
  return lower(node as LoweredNode, parts);
}

function lower<K extends LoweredName>(node: LoweredNode<K>, parts: Parts): readonly Kernel[] {
  const kernels = lowerings[node.op]!(node, parts);
  return 'code' in kernels ? [kernels] : kernels;
}
