import { demand } from '../../errors.js';
import type { Shape } from '../../graph/shape.js';
import type { Tensor, Variable } from '../../graph/tensor.js';
import { concat } from '../../ops/concat.js';
import { conv2d } from '../../ops/conv2d.js';
import { depthwise } from '../../ops/depthwise.js';
import { reshape } from '../../ops/reshape.js';
import { slice } from '../../ops/slice.js';
import type { SpecOf } from '../layer-specs.js';
import { type LayerWindow, sizeAfter, windowOf } from '../windows.js';
import { biasOf, imageOf, withBias } from './images.js';
import type { LayerKind } from './layer.js';

/**
 * Convolution of images [h, w, c] with weights [kh, kw, c/groups, filters], plus a bias [filters]. With groups, filters
 * g·filters/groups and following see only the channels g·c/groups and following.
 */
export const convLayer: LayerKind<'conv'> = {
  output: (spec, input) => {
    const [height, width] = imageOf(input, 'conv');
    return [...sizeAfter([height, width], spec, 'conv'), spec.conv];
  },
  parameters: (spec, input) => {
    const shape = weightShape(spec, input);
    const fanIn = shape[0]! * shape[1]! * shape[2]!;
    return [
      { suffix: 'weight', shape, role: 'weight', fanIn, begins: 'initializer' },
      ...biasOf(spec.conv, fanIn, spec.bias),
    ];
  },
  forward: (spec, x, own) => ({
    output: withBias(convolved(x, own.weight!, windowOf(spec), spec.groups ?? 1), own),
  }),
  multiplyAdds: (spec, input) => {
    const [height, width] = imageOf(input, 'conv');
    const made = sizeAfter([height, width], spec, 'conv');
    return [...made, ...weightShape(spec, input)].reduce((a, b) => a * b, 1);
  },
};

function weightShape(spec: SpecOf<'conv'>, input: Shape): Shape {
  const { conv: filters, groups = 1 } = spec;
  const [, , channels] = imageOf(input, 'conv');
  demand(
    channels % groups === 0 && filters % groups === 0,
    () => `conv: ${channels} channels and ${filters} filters can't both be divided into ${groups} groups`,
  );
  return [...windowOf(spec).kernel, channels / groups, filters];
}

function convolved(x: Tensor, w: Variable<'f32'>, window: LayerWindow, groups: number): Tensor {
  const { kernel: _, ...options } = window;
  if (groups === 1) return conv2d(x, w, options);
  const [kh, kw, channels, filters] = w.shape as [number, number, number, number];
  const each = filters / groups;
  if (channels === 1 && each === 1) return depthwise(x, reshape(w, [kh, kw, filters]), options);
  const [n, height, width] = x.shape as [number, number, number, number];
  const parts = Array.from({ length: groups }, (_, g) =>
    conv2d(
      slice(x, { start: [0, 0, 0, g * channels], shape: [n, height, width, channels] }),
      slice(w, { start: [0, 0, 0, g * each], shape: [kh, kw, channels, each] }),
      options,
    ),
  );
  return concat(parts, 3);
}
