import type { CompiledNode } from '../../../compiler/node.js';
import type { Parts } from '../../../compiler/order.js';
import type { Kernel } from '../kernel.js';
import { angleLoss, angleLossAndGradient, angleLossGradient } from './angle-loss.js';
import { centeredSums, moments, normalize } from './batch-norm.js';
import { conv2d, conv2dInput, conv2dWeight, fusedConv2d, fusedConv2dInput } from './conv.js';
import { broadcast, concat, flip, slice, transpose } from './copies.js';
import { depthwise, depthwiseInput, depthwiseWeight } from './depthwise.js';
import { elementwise } from './elementwise.js';
import { gather, gatherImages, row, scaledImages, stepRead, viewIndex } from './gather.js';
import { kdLoss, kdLossAndGradient, kdLossGradient } from './kd-loss.js';
import type { LoweredName, LoweredNode, Lowering } from './lowering.js';
import { batchedMatmul, fusedMatmul, matmul } from './matmul.js';
import { averagePool, averagePoolSpread, maxPool, maxPoolGather, maxPoolScatter } from './pool.js';
import { dropout, permutationLowering, random } from './random.js';
import { reduce, reducedElementwise, sumOfSquares } from './reduce.js';
import { oneHot, softmax } from './rows.js';
import type { Speeds } from './tiles.js';

/** The kernels of every operator and fusion; a missing entry is a compile error. */
const lowerings: { readonly [K in LoweredName]: Lowering<K> } = {
  angleLoss,
  angleLossAndGradient,
  angleLossGradient,
  averagePool,
  averagePoolSpread,
  batchedMatmul,
  broadcast,
  centeredSums,
  concat,
  conv2d,
  conv2dInput,
  conv2dWeight,
  depthwise,
  depthwiseInput,
  depthwiseWeight,
  dropout,
  elementwise,
  flip,
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
  moments,
  normalize,
  oneHot,
  permutation: permutationLowering,
  random,
  reduce,
  reducedElementwise,
  row,
  scaledImages,
  slice,
  softmax,
  stepRead,
  sumOfSquares,
  transpose,
  viewIndex,
};

/** The kernels that compute a node. */
export function lowered(node: CompiledNode, parts: Parts, speeds: Speeds): readonly Kernel[] {
  return lower(node as LoweredNode, parts, speeds);
}

function lower<K extends LoweredName>(node: LoweredNode<K>, parts: Parts, speeds: Speeds): readonly Kernel[] {
  const kernels = lowerings[node.op](node, parts, speeds);
  return 'body' in kernels ? [kernels] : kernels;
}
