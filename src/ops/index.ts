import type { OpName } from '../graph/names.js';
import { angleLossGradientOp, angleLossOp } from './angle-loss.js';
import { averagePoolOp, averagePoolSpreadOp } from './average-pool.js';
import { centeredSumsOp, momentsOp, normalizeOp } from './batch-norm.js';
import { batchedMatmulOp } from './batched-matmul.js';
import { binaryOp } from './binary.js';
import { broadcastOp } from './broadcast.js';
import { concatOp } from './concat.js';
import { conv2dInputOp, conv2dOp, conv2dWeightOp } from './conv2d.js';
import { depthwiseInputOp, depthwiseOp, depthwiseWeightOp } from './depthwise.js';
import { dropoutOp } from './dropout.js';
import { flipOp } from './flip.js';
import { gatherOp } from './gather.js';
import { gatherImagesOp, viewIndexOp } from './gather-images.js';
import { kdLossGradientOp, kdLossOp } from './kd-loss.js';
import { matmulOp } from './matmul.js';
import { maxPoolGatherOp, maxPoolOp, maxPoolScatterOp } from './max-pool.js';
import { oneHotOp } from './one-hot.js';
import type { Operator } from './operator.js';
import { permutationOp } from './permutation.js';
import { randomOp } from './random.js';
import { reduceOp } from './reduce.js';
import { reshapeOp } from './reshape.js';
import { sliceOp } from './slice.js';
import { softmaxOp } from './softmax.js';
import { stepReadOp } from './step-read.js';
import { stopGradientOp } from './stop-gradient.js';
import { sumOfSquaresOp } from './sum-of-squares.js';
import { transposeOp } from './transpose.js';
import { unaryOp } from './unary.js';

/** Every operator; a missing entry is a compile error. */
export const operators: { readonly [K in OpName]: Operator<K> } = {
  angleLoss: angleLossOp,
  angleLossGradient: angleLossGradientOp,
  averagePool: averagePoolOp,
  averagePoolSpread: averagePoolSpreadOp,
  batchedMatmul: batchedMatmulOp,
  binary: binaryOp,
  broadcast: broadcastOp,
  centeredSums: centeredSumsOp,
  concat: concatOp,
  conv2d: conv2dOp,
  conv2dInput: conv2dInputOp,
  conv2dWeight: conv2dWeightOp,
  depthwise: depthwiseOp,
  depthwiseInput: depthwiseInputOp,
  depthwiseWeight: depthwiseWeightOp,
  dropout: dropoutOp,
  flip: flipOp,
  gather: gatherOp,
  gatherImages: gatherImagesOp,
  kdLoss: kdLossOp,
  kdLossGradient: kdLossGradientOp,
  matmul: matmulOp,
  maxPool: maxPoolOp,
  maxPoolGather: maxPoolGatherOp,
  maxPoolScatter: maxPoolScatterOp,
  moments: momentsOp,
  normalize: normalizeOp,
  oneHot: oneHotOp,
  permutation: permutationOp,
  random: randomOp,
  reduce: reduceOp,
  reshape: reshapeOp,
  slice: sliceOp,
  softmax: softmaxOp,
  stepRead: stepReadOp,
  stopGradient: stopGradientOp,
  sumOfSquares: sumOfSquaresOp,
  transpose: transposeOp,
  unary: unaryOp,
  viewIndex: viewIndexOp,
};
