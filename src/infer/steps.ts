import { addressOf, extentOf, roundUp, type View } from './images.js';
import type { Affine, Depthwise, Maxout, Pool, Upsample } from './layers.js';
import type { Memory, Step } from './memory.js';

/** In the order of assembly/infer/map.ts. */
const MAPS = [
  'copy',
  'relu',
  'leakyRelu',
  'sigmoid',
  'tanh',
  'affine',
  'affineRelu',
  'add',
  'addRelu',
] as const;
type MapName = (typeof MAPS)[number];

/** Calls `run` for each image with the places of x and y. */
function each(x: View, y: View, run: (x: number, y: number) => void): Step {
  const [from, to] = [addressOf(x), addressOf(y)];
  const [nextX, nextY] = [x.store.imageBytes, y.store.imageBytes];
  return (images) => {
    for (let i = 0; i < images; i++) run(from + i * nextX, to + i * nextY);
  };
}

/** y = f(x), number by number, x and y of one shape; add and addRelu add x to y. */
export function mapStep(
  { kernels }: Memory,
  name: Exclude<MapName, 'affine' | 'affineRelu'>,
  x: View,
  y: View,
  slope = 0,
): Step {
  const kind = MAPS.indexOf(name);
  const extent = extentOf(x, y);
  return each(x, y, (from, to) =>
    kernels.map(
      ...([kind, ...extent, from, x.store.rowBytes, x.store.pixelBytes] as const),
      ...([to, y.store.rowBytes, y.store.pixelBytes, slope, 0, 0] as const),
    ),
  );
}

/** The numbers of images x, one after the other, as row y. */
export function flattenStep({ kernels }: Memory, x: View, y: View): Step {
  const [, width, channels] = x.dims;
  return each(x, y, (from, to) =>
    kernels.map(
      ...([0, ...x.dims, from, x.store.rowBytes, x.store.pixelBytes] as const),
      ...([to, width * channels * 4, channels * 4, 0, 0, 0] as const),
    ),
  );
}

export function affineStep(memory: Memory, { scale, shift, relu }: Affine, x: View, y: View): Step {
  const kind = MAPS.indexOf(relu ? 'affineRelu' : 'affine');
  const [p, q] = [memory.floats(scale), memory.floats(shift)];
  return each(x, y, (from, to) =>
    memory.kernels.map(
      ...([kind, ...x.dims, from, x.store.rowBytes, x.store.pixelBytes] as const),
      ...([to, y.store.rowBytes, y.store.pixelBytes, 0, p, q] as const),
    ),
  );
}

/** As many copies as a pixel has in y, each with y's pixels that far apart. */
export function upsampleStep({ kernels }: Memory, { factor }: Upsample, x: View, y: View): Step {
  const { rowBytes, pixelBytes } = y.store;
  return each(x, y, (from, to) => {
    for (let i = 0; i < factor[0]; i++)
      for (let j = 0; j < factor[1]; j++)
        kernels.map(
          ...([0, ...x.dims, from, x.store.rowBytes, x.store.pixelBytes] as const),
          ...([
            to + i * rowBytes + j * pixelBytes,
            factor[0] * rowBytes,
            factor[1] * pixelBytes,
            0,
            0,
            0,
          ] as const),
        );
  });
}

export function maxoutStep({ kernels }: Memory, { pieces }: Maxout, x: View, y: View): Step {
  return each(x, y, (from, to) =>
    kernels.maxout(
      ...([y.dims[0], y.dims[1], y.dims[2], pieces, from, x.store.rowBytes, x.store.pixelBytes] as const),
      ...([to, y.store.rowBytes, y.store.pixelBytes] as const),
    ),
  );
}

export function poolStep({ kernels }: Memory, { window, share }: Pool, x: View, y: View): Step {
  const { kernel, stride, padding } = window;
  return each(x, y, (from, to) =>
    kernels.pool(
      ...([share, ...x.dims, from, x.store.rowBytes, x.store.pixelBytes, y.dims[0], y.dims[1]] as const),
      ...([to, y.store.rowBytes, y.store.pixelBytes, ...kernel, ...stride, padding[0], padding[1]] as const),
    ),
  );
}

export function depthwiseStep(memory: Memory, layer: Depthwise, x: View, y: View): Step {
  const { window, weights, relu } = layer;
  const { kernel, stride, padding, dilation } = window;
  const [rows, columns, channels] = y.dims;
  const { rowBytes, pixelBytes } = x.store;
  const taps = Array.from(
    { length: kernel[0] * kernel[1] },
    (_, t) => Math.floor(t / kernel[1]) * dilation[0] * rowBytes + (t % kernel[1]) * dilation[1] * pixelBytes,
  );
  const line = roundUp(channels, 4);
  const w = memory.place(taps.length * line * 4, (buffer, at) => {
    const to = new Float32Array(buffer, at, taps.length * line);
    weights.forEach((value, i) => {
      to[Math.floor(i / channels) * line + (i % channels)] = value;
    });
  });
  const places = [memory.words(taps), taps.length] as const;
  const bias = memory.floats(layer.bias);
  const before = padding[0] * rowBytes + padding[1] * pixelBytes;
  return each(x, y, (from, to) =>
    memory.kernels.depthwise(
      ...([rows, columns, channels, ...places, from - before] as const),
      ...([stride[0] * rowBytes, stride[1] * pixelBytes, w, bias] as const),
      ...([to, y.store.rowBytes, y.store.pixelBytes, relu] as const),
    ),
  );
}
