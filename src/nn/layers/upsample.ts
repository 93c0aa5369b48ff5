import { upsample } from '../../ops/upsample.js';
import { pairOf } from '../../ops/window.js';
import { imageOf } from './images.js';
import type { LayerKind } from './layer.js';

/** Each pixel repeated down and across. */
export const upsampleLayer: LayerKind<'upsample'> = {
  output: ({ upsample: factor }, input) => {
    const [height, width, channels] = imageOf(input, 'upsample');
    const [down, across] = pairOf(factor, 'the factor of upsample');
    return [height * down, width * across, channels];
  },
  parameters: () => [],
  forward: ({ upsample: factor }, x) => ({ output: upsample(x, factor) }),
  multiplyAdds: () => 0,
};
