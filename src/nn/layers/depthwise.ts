import { depthwise } from '../../ops/depthwise.js';
import { sizeAfter, windowOf } from '../windows.js';
import { biasOf, imageOf, withBias } from './images.js';
import type { LayerKind } from './layer.js';

/** Convolution of each channel by itself: images [h, w, c], weights [kh, kw, c], plus a bias [c]. */
export const depthwiseLayer: LayerKind<'depthwise'> = {
  output: (spec, input) => {
    const [height, width, channels] = imageOf(input, 'depthwise');
    return [...sizeAfter([height, width], spec, 'depthwise'), channels];
  },
  parameters: (spec, input) => {
    const [, , channels] = imageOf(input, 'depthwise');
    const { kernel } = windowOf(spec);
    const fanIn = kernel[0] * kernel[1];
    return [
      { suffix: 'weight', shape: [...kernel, channels], role: 'weight', fanIn, begins: 'initializer' },
      ...biasOf(channels, fanIn, spec.bias),
    ];
  },
  forward: (spec, x, own) => {
    const { kernel: _, ...options } = windowOf(spec);
    return { output: withBias(depthwise(x, own.weight!, options), own) };
  },
  multiplyAdds: (spec, input) => {
    const [height, width, channels] = imageOf(input, 'depthwise');
    const [rows, columns] = sizeAfter([height, width], spec, 'depthwise');
    const { kernel } = windowOf(spec);
    return rows * columns * channels * kernel[0] * kernel[1];
  },
};
