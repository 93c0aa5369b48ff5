/** The operators that losses and models are written with. */
export { constant, fill } from '../graph/tensor.js';
export { adaptiveAveragePool, averagePool, globalAveragePool } from './average-pool.js';
export { type BatchNormOptions, moments, normalize } from './batch-norm.js';
export { add, divide, mask, multiply, square, subtract } from './binary.js';
export { broadcastTo } from './broadcast.js';
export { concat } from './concat.js';
export { type Conv2dTransposeOptions, conv2d, conv2dTranspose } from './conv2d.js';
export { depthwise } from './depthwise.js';
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
export { flip } from './flip.js';
export { take } from './gather.js';
export { takeImages, type ViewOptions } from './gather-images.js';
export { huber } from './huber.js';
export { type KdLossOptions, kdLoss } from './kd-loss.js';
export { dense, type MatmulOptions, matmul } from './matmul.js';
export { maxPool } from './max-pool.js';
export { oneHot } from './one-hot.js';
export { pad } from './pad.js';
export { permutation } from './permutation.js';
export { normal, uniform } from './random.js';
export { max, mean, meanSquaredError, sum, sumTo } from './reduce.js';
export { reshape } from './reshape.js';
export { slice } from './slice.js';
export { logSoftmax, softmax } from './softmax.js';
export { softplus } from './softplus.js';
export { atStep } from './step-read.js';
export { stopGradient } from './stop-gradient.js';
export { sumOfSquares } from './sum-of-squares.js';
export { transpose } from './transpose.js';
export { abs, exp, leakyRelu, log, relu, scale, shift, sigmoid, sign, sqrt, tanh } from './unary.js';
export { unitRows } from './unit-rows.js';
export { upsample } from './upsample.js';
export type { DilatedOptions, WindowOptions } from './window.js';
