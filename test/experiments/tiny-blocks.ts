import type { BlockScale } from '../../experiments/blocks.ts';

/** Students of blocks, in seconds. */
export const TINY_BLOCKS: BlockScale = {
  share: 0.1,
  seeds: 2,
  teacher: { network: 'conv4k5s2v pool dense16 dense10', training: { epochs: 1 } },
  training: { epochs: 1 },
};
