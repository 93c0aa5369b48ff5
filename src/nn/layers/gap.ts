import { globalAveragePool } from '../../ops/average-pool.js';
import { imageOf } from './images.js';
import type { LayerKind } from './layer.js';

/** The mean over all pixels, by channel: [h, w, c] → [c]. */
export const gapLayer: LayerKind<'gap'> = {
  output: (_spec, input) => [imageOf(input, 'gap')[2]],
  parameters: () => [],
  forward: (_spec, x) => ({ output: globalAveragePool(x) }),
  multiplyAdds: () => 0,
};
