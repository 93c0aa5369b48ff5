import { maxPool } from '../../ops/max-pool.js';
import { sizeAfter, windowOf } from '../windows.js';
import { imageOf } from './images.js';
import type { LayerKind } from './layer.js';

/** The maximum of each window, by channel. */
export const poolLayer: LayerKind<'pool'> = {
  output: (spec, input) => {
    const [height, width, channels] = imageOf(input, 'pool');
    return [...sizeAfter([height, width], spec, 'pool'), channels];
  },
  parameters: () => [],
  forward: (spec, x) => {
    const { kernel, stride, padding } = windowOf(spec);
    return { output: maxPool(x, kernel, { stride, padding }) };
  },
  multiplyAdds: () => 0,
};
