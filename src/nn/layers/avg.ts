import { averagePool } from '../../ops/average-pool.js';
import { sizeAfter, windowOf } from '../windows.js';
import { imageOf } from './images.js';
import type { LayerKind } from './layer.js';

/** The mean of each window, by channel; padding counts as zeros. */
export const avgLayer: LayerKind<'avg'> = {
  output: (spec, input) => {
    const [height, width, channels] = imageOf(input, 'avg');
    return [...sizeAfter([height, width], spec, 'avg'), channels];
  },
  parameters: () => [],
  forward: (spec, x) => {
    const { kernel, stride, padding } = windowOf(spec);
    return { output: averagePool(x, kernel, { stride, padding }) };
  },
  multiplyAdds: () => 0,
};
