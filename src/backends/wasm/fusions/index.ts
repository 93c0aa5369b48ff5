import type { Rewrite } from '../../../compiler/rewrite.js';
import { fuseImages } from './images.js';
import { fuseKdLoss } from './kd-loss.js';
import { fuseProducts } from './products.js';
import { fuseSquares } from './squares.js';

/** What this backend does with several nodes at once, in the order in which it is looked for. */
export const fusions: readonly Rewrite[] = [fuseProducts, fuseKdLoss, fuseImages, fuseSquares];
