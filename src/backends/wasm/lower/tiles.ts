import { Limit } from '../layout.js';

/** Tiles of an elementwise instruction. */
export function elementTiles(n: number): number {
  return Math.ceil(n / Limit.elements);
}

/** Scratch for one group of random words. */
export const RANDOM_SCRATCH = 64;
