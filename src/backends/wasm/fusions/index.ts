import { mergeEqual, type Rewrite } from '../../../compiler/rewrite.js';
import { fuseImages } from '../../fusions/images.js';
import { fuseLosses } from '../../fusions/losses.js';
import { fuseProducts } from '../../fusions/products.js';
import { fuseChains } from './chains.js';
import { fuseWeightGradients } from './conv-weight.js';
import { fuseDepthwise } from './depthwise.js';
import { groupNarrowImages } from './narrow-images.js';
import { fuseNorms } from './norms.js';
import { fuseSquares } from './squares.js';

/** The fusions of this backend, in the order in which they are tried. */
export const fusions: readonly Rewrite[] = [
  fuseWeightGradients,
  fuseDepthwise,
  fuseNorms,
  // Batch norm's gradient and what normalize is taken apart into have nodes in common.
  mergeEqual,
  // After batch norm, which computes the mask of a ReLU again from what it reads anyway: a convolution that masks its
  // result waits for as much memory as it writes.
  fuseProducts,
  // Those that products left as they are: an epilogue saves a pass over memory.
  groupNarrowImages,
  fuseLosses,
  fuseImages,
  fuseSquares,
  fuseChains,
];
