import type { ResidualScale } from '../../experiments/residual.ts';

const network = 'conv3s2@zero res3@one res4s2@two res4@three gap dense10';

/** A residual pair, in seconds. */
export const TINY_RESIDUAL: ResidualScale = {
  ...{ share: 0.1, seeds: 2 },
  teacher: { network, training: { epochs: 1 } },
  student: { network, training: { epochs: 1 } },
};
