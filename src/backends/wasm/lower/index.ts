import type { Parts, Unit } from '../../../compiler/order.js';
import type { EffectName } from '../../../graph/names.js';
import type { Instruction } from '../instruction.js';
import { angleLoss, angleLossAndGradient, angleLossGradient } from './angle-loss.js';
import { chain } from './chain.js';
import { channelJoin, channelSums, normGradient } from './channels.js';
import { conv2d, conv2dInput, fusedConv2d, fusedConv2dInput } from './conv.js';
import { conv2dWeight, partialWeights } from './conv-weight.js';
import { concatCopies, viewCopies } from './copies.js';
import { depthwise, depthwiseInput, depthwiseWeight, partialDepthwiseWeight } from './depthwise.js';
import { effectLowerings } from './effects.js';
import { binary, unary } from './elementwise.js';
import { gather, gatherImages, scaledImages, stepRead, viewIndex } from './gather.js';
import { kdLoss, kdLossAndGradient, kdLossGradient } from './kd-loss.js';
import type { LoweredName, LoweredNode, Lowering } from './lowering.js';
import { batchedMatmul, fusedMatmul, matmul } from './matmul.js';
import { averagePool, averagePoolSpread, maxPool, maxPoolGather, maxPoolScatter } from './pool.js';
import { dropout, permutation, random } from './random.js';
import { partialSquares, reduce, sumOfSquares } from './reduce.js';
import { oneHot, softmax } from './rows.js';

/** The instructions of every operator and fusion; a missing entry is a compile error. */
const lowerings: { readonly [K in LoweredName]: Lowering<K> } = {
  angleLoss,
  angleLossAndGradient,
  angleLossGradient,
  averagePool,
  averagePoolSpread,
  batchedMatmul,
  binary,
  broadcast: viewCopies.broadcast,
  chain,
  channelJoin,
  channelSums,
  concat: concatCopies,
  conv2d,
  conv2dInput,
  conv2dWeight,
  depthwise,
  depthwiseInput,
  depthwiseWeight,
  dropout,
  flip: viewCopies.flip,
  fusedConv2d,
  fusedConv2dInput,
  fusedMatmul,
  gather,
  gatherImages,
  kdLoss,
  kdLossAndGradient,
  kdLossGradient,
  matmul,
  maxPool,
  maxPoolGather,
  maxPoolScatter,
  normGradient,
  oneHot,
  partialDepthwiseWeight,
  partialSquares,
  partialWeights,
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
