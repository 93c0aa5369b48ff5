import type { CompiledNode } from '../../../compiler/node.js';
import type { Parts } from '../../../compiler/order.js';
import type { AttributesOf, OpName } from '../../../graph/names.js';
import type { FusedAttributesOf, FusedName } from '../fusions/nodes.js';
import type { Instruction } from '../instruction.js';

/** What this backend computes: all operators but aliases and what its fusions take apart, and what they make. */
export type LoweredName =
  | Exclude<OpName, 'reshape' | 'stopGradient' | 'moments' | 'normalize' | 'centeredSums'>
  | FusedName;

/** A node that is about to be lowered. */
export interface LoweredNode<K extends LoweredName = LoweredName> extends CompiledNode {
  readonly op: K;
  readonly attributes: (AttributesOf & FusedAttributesOf)[K];
}

export type Lowering<K extends LoweredName> = (
  node: LoweredNode<K>,
  parts: Parts,
) => Instruction | readonly Instruction[];
