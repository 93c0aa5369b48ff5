import { binary } from './binary.js';
import { broadcast } from './broadcast.js';
import { concat } from './concat.js';
import { dropout } from './dropout.js';
import { gather, gatherImages, shiftedIndex } from './gather.js';
import { kdLoss, kdLossGradient } from './kd-loss.js';
import { matmul } from './matmul.js';
import { oneHot } from './one-hot.js';
import type { Operator } from './operator.js';
import { permutation } from './permutation.js';
import { random } from './random.js';
import { reduce } from './reduce.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { stepRead } from './step-read.js';
import { transpose } from './transpose.js';
import { unary } from './unary.js';

export type OpName =
  | 'binary'
  | 'broadcast'
  | 'concat'
  | 'dropout'
  | 'gather'
  | 'gatherImages'
  | 'kdLoss'
  | 'kdLossGradient'
  | 'matmul'
  | 'oneHot'
  | 'permutation'
  | 'random'
  | 'reduce'
  | 'reshape'
  | 'shiftedIndex'
  | 'slice'
  | 'softmax'
  | 'stepRead'
  | 'transpose'
  | 'unary';

/** The registry: an operator without an entry doesn't compile. */
export const operators: Record<OpName, Operator> = {
  binary,
  broadcast,
  concat,
  dropout,
  gather,
  gatherImages,
  kdLoss,
  kdLossGradient,
  matmul,
  oneHot,
  permutation,
  random,
  reduce,
  reshape,
  shiftedIndex,
  slice,
  softmax,
  stepRead,
  transpose,
  unary,
};
