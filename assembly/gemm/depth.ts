import { Limit } from '../../src/backends/wasm/layout';

/**
 * Depth of the blocks that k is cut into: as equal as possible, whole vectors. Sums go block by block, so it determines
 * their bits.
 */
export function depthOf(k: i32): i32 {
  const blocks = (k + Limit.depth - 1) / Limit.depth;
  return ((k + blocks - 1) / blocks + 3) & ~3;
}
