/** The operators that losses and models are written with. */
export { constant, fill } from '../graph/tensor.js';
export { add, divide, mask, multiply, square, subtract } from './binary.js';
export { broadcastTo } from './broadcast.js';
export { concat } from './concat.js';
export { dropout } from './dropout.js';
export {
  type AdamOptions,
  adamUpdate,
  assign,
  maxNormLimit,
  type SgdOptions,
  sgdUpdate,
  writeAtStep,
} from './effects.js';
export { take } from './gather.js';
export { takeImages, type ViewOptions } from './gather-images.js';
export { type KdLossOptions, kdLoss } from './kd-loss.js';
export { dense, type MatmulOptions, matmul } from './matmul.js';
export { oneHot } from './one-hot.js';
export { pad } from './pad.js';
export { permutation } from './permutation.js';
export { normal, uniform } from './random.js';
export { max, mean, meanSquaredError, sum, sumTo } from './reduce.js';
export { reshape } from './reshape.js';
export { slice } from './slice.js';
export { logSoftmax, softmax } from './softmax.js';
export { atStep } from './step-read.js';
export { sumOfSquares } from './sum-of-squares.js';
export { transpose } from './transpose.js';
export { abs, exp, log, relu, scale, shift, sign, sqrt } from './unary.js';
