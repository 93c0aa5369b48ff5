import { mergeEqual, type Rewrite } from '../../../compiler/rewrite.js';
import { fuseImages } from '../../fusions/images.js';
import { fuseLosses } from '../../fusions/losses.js';
import { fuseProducts } from '../../fusions/products.js';
import { fuseElementwise } from './elementwise.js';

/** The fusions of this backend, in the order in which they are tried. */
export const fusions: readonly Rewrite[] = [
  fuseProducts,
  fuseLosses,
  fuseImages,
  fuseElementwise,
  mergeEqual,
];
