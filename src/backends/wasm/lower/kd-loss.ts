import type { CompiledNode } from '../../../compiler/node.js';
import type { KdAttributes } from '../../../graph/names.js';
import type { Instruction } from '../instruction.js';
import type { Lowering } from './lowering.js';

export const kdLoss: Lowering<'kdLoss'> = (node) => pass(node, node.attributes, { loss: node });

export const kdLossGradient: Lowering<'kdLossGradient'> = (node) =>
  pass(node, node.attributes, { gradient: node, upstream: node.inputs.at(-1)! });

export const kdLossAndGradient: Lowering<'kdLossAndGradient'> = (node, [loss, gradient]) =>
  pass(node, node.attributes, { loss, gradient, upstream: node.inputs.at(-1)! });

interface Outputs {
  loss?: CompiledNode | undefined;
  gradient?: CompiledNode | undefined;
  /** Read if the gradient is computed. */
  upstream?: CompiledNode;
}

/** One pass that computes the loss, the gradient or both. */
function pass(
  { inputs }: CompiledNode,
  { temperature, alpha, beta, soft, labels }: KdAttributes,
  outputs: Outputs,
): Instruction {
  const logits = inputs[0]!;
  const [rows, columns] = logits.shape as [number, number];
  return {
    opcode: 'kdLoss',
    tiles: rows,
    fields: {
      ...{ rows, columns, temperature, alpha, beta, logits },
      soft: soft ? inputs[1] : undefined,
      labels: labels ? inputs[soft ? 2 : 1] : undefined,
      ...outputs,
    },
    writes: ['loss', 'gradient'],
    local: ['logits', 'soft', 'labels', 'upstream', 'loss', 'gradient'],
    scratch: (columns + 1) * 32,
  };
}
