import type { Shape } from '../../graph/shape.js';
import { conv2dTranspose } from '../../ops/conv2d.js';
import type { SpecOf } from '../layer-specs.js';
import { sizeAfterTransposed, transposedWindowOf } from '../windows.js';
import { biasOf, imageOf, withBias } from './images.js';
import type { LayerKind } from './layer.js';

/** Transposed convolution of images [h, w, c] with weights [kh, kw, filters, c], plus a bias [filters]. */
export const deconvLayer: LayerKind<'deconv'> = {
  output: (spec, input) => {
    const [height, width] = imageOf(input, 'deconv');
    return [...sizeAfterTransposed([height, width], spec, 'deconv'), spec.deconv];
  },
  parameters: (spec, input) => {
    const shape = weightShape(spec, input);
    const [down, across] = transposedWindowOf(spec).stride;
    // Of the kernel's taps one in stride·stride meets a pixel.
    const fanIn = (shape[0]! * shape[1]! * shape[3]!) / (down * across);
    return [
      { suffix: 'weight', shape, role: 'weight', fanIn, begins: 'initializer' },
      ...biasOf(spec.deconv, fanIn, spec.bias),
    ];
  },
  forward: (spec, x, own) => {
    const { kernel: _, ...options } = transposedWindowOf(spec);
    return { output: withBias(conv2dTranspose(x, own.weight!, options), own) };
  },
  multiplyAdds: (spec, input) => {
    const [height, width] = imageOf(input, 'deconv');
    return [height, width, ...weightShape(spec, input)].reduce((a, b) => a * b, 1);
  },
};

function weightShape(spec: SpecOf<'deconv'>, input: Shape): Shape {
  const [, , channels] = imageOf(input, 'deconv');
  return [...transposedWindowOf(spec).kernel, spec.deconv, channels];
}
