import type { OpName } from '../graph/names.js';
import { binaryOp } from './binary.js';
import { broadcastOp } from './broadcast.js';
import { concatOp } from './concat.js';
import { dropoutOp } from './dropout.js';
import { gatherOp } from './gather.js';
import { gatherImagesOp, viewIndexOp } from './gather-images.js';
import { kdLossGradientOp, kdLossOp } from './kd-loss.js';
import { matmulOp } from './matmul.js';
import { oneHotOp } from './one-hot.js';
import type { Operator } from './operator.js';
import { permutationOp } from './permutation.js';
import { randomOp } from './random.js';
import { reduceOp } from './reduce.js';
import { reshapeOp } from './reshape.js';
import { sliceOp } from './slice.js';
import { softmaxOp } from './softmax.js';
import { stepReadOp } from './step-read.js';
import { sumOfSquaresOp } from './sum-of-squares.js';
import { transposeOp } from './transpose.js';
import { unaryOp } from './unary.js';

/** Every operator; a missing entry is a compile error. */
export const operators: { readonly [K in OpName]: Operator<K> } = {
  binary: binaryOp,
  broadcast: broadcastOp,
  concat: concatOp,
  dropout: dropoutOp,
  gather: gatherOp,
  gatherImages: gatherImagesOp,
  kdLoss: kdLossOp,
  kdLossGradient: kdLossGradientOp,
  matmul: matmulOp,
  oneHot: oneHotOp,
  permutation: permutationOp,
  random: randomOp,
  reduce: reduceOp,
  reshape: reshapeOp,
  slice: sliceOp,
  softmax: softmaxOp,
  stepRead: stepReadOp,
  sumOfSquares: sumOfSquaresOp,
  transpose: transposeOp,
  unary: unaryOp,
  viewIndex: viewIndexOp,
};
