import { mergeEqual, type Rewrite } from '../../../compiler/rewrite.js';
import { fuseChains } from './chains.js';
import { fuseWeightGradients } from './conv-weight.js';
import { fuseDepthwise } from './depthwise.js';
import { fuseImages } from './images.js';
import { fuseKdLoss } from './kd-loss.js';
import { fuseNorms } from './norms.js';
import { fuseProducts } from './products.js';
import { fuseSquares } from './squares.js';

/** The fusions of this backend, in the order in which they are tried. */
export const fusions: readonly Rewrite[] = [
  fuseWeightGradients,
  fuseDepthwise,
  fuseProducts,
  fuseKdLoss,
  fuseImages,
  fuseSquares,
  fuseNorms,
  // Batch norm's gradient and what normalize is taken apart into have nodes in common.
  mergeEqual,
  fuseChains,
];
