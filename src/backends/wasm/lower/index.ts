import type { CompiledNode } from '../../../compiler/node.js';
import type { Parts, Unit } from '../../../compiler/order.js';
import type { AttributesOf, EffectName, OpName } from '../../../graph/names.js';
import type { FusedAttributesOf, FusedName } from '../fusions/nodes.js';
import type { Instruction } from '../instruction.js';
import { concatCopies, viewCopies } from './copies.js';
import { effectLowerings } from './effects.js';
import { binary, unary } from './elementwise.js';
import { gather, gatherImages, scaledImages, stepRead, viewIndex } from './gather.js';
import { kdLoss, kdLossAndGradient, kdLossGradient } from './kd-loss.js';
import { fusedMatmul, matmul } from './matmul.js';
import { dropout, permutation, random } from './random.js';
import { partialSquares, reduce, sumOfSquares } from './reduce.js';
import { oneHot, softmax } from './rows.js';

/** What this backend computes: all operators but aliases, and what its fusions make. */
export type LoweredName = Exclude<OpName, 'reshape'> | FusedName;

/** A node that is about to be lowered. */
export interface LoweredNode<K extends LoweredName = LoweredName> extends CompiledNode {
  readonly op: K;
  readonly attributes: (AttributesOf & FusedAttributesOf)[K];
}

export type Lowering<K extends LoweredName> = (
  node: LoweredNode<K>,
  parts: Parts,
) => Instruction | readonly Instruction[];

/** The instructions of every operator and fusion: one without an entry doesn't compile. */
const lowerings: { readonly [K in LoweredName]: Lowering<K> } = {
  binary,
  broadcast: viewCopies.broadcast,
  concat: concatCopies,
  dropout,
  fusedMatmul,
  gather,
  gatherImages,
  kdLoss,
  kdLossAndGradient,
  kdLossGradient,
  matmul,
  oneHot,
  partialSquares,
  permutation,
  random,
  reduce,
  scaledImages,
  slice: viewCopies.slice,
  softmax,
  stepRead,
  sumOfSquares,
  transpose: viewCopies.transpose,
  unary,
  viewIndex,
};

/** The instructions of a plan, unit by unit. */
export function lowered(units: readonly Unit[]): Instruction[] {
  return units.flatMap((unit) =>
    unit.kind === 'node'
      ? lowerNode(unit.node as LoweredNode, unit.parts)
      : lowerEffect(unit.effect.effect.effect, unit.effect),
  );
}

function lowerNode<K extends LoweredName>(node: LoweredNode<K>, parts: Parts) {
  return lowerings[node.op](node, parts);
}

function lowerEffect<K extends EffectName>(
  kind: K,
  { effect, inputs }: Extract<Unit, { kind: 'effect' }>['effect'],
) {
  return effectLowerings[kind](effect as never, inputs);
}
