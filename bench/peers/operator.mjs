// Works on one operator: a convolution of a batch of images, channels last, padded so that stride 1 keeps the size.

const BATCH = 32;

const conv = (height, channels, filters, { kernel = 3, stride = 1 } = {}) => ({
  form: 'operator',
  kind: 'infer',
  operator: 'conv2d',
  weights: 'f32',
  x: [BATCH, height, height, channels],
  w: [kernel, kernel, channels, filters],
  stride,
  // Rows and columns of zeros at each side.
  padding: kernel >> 1,
});

/** A filter for each channel: w [kernel height, kernel width, channels]. */
const depthwise = (height, channels) => ({
  ...conv(height, channels, 1),
  operator: 'depthwise',
  w: [3, 3, channels],
});

/** Convolutions, by the ends of their names. */
export const convolutions = {
  '28x28x1-32': conv(28, 1, 32),
  '32x32x3-32': conv(32, 3, 32),
  '28x28x32-32': conv(28, 32, 32),
  '14x14x32-64': conv(14, 32, 64),
  '14x14x64-64': conv(14, 64, 64),
  '32x32x64-64': conv(32, 64, 64),
  '8x8x128-128': conv(8, 128, 128),
  '28x28x16-32-s2': conv(28, 16, 32, { stride: 2 }),
  '14x14x64-256-1x1': conv(14, 64, 256, { kernel: 1 }),
};

export const depthwises = { '28x28x32': depthwise(28, 32), '14x14x128': depthwise(14, 128) };

const named = (kind, table) =>
  Object.fromEntries(Object.entries(table).map(([name, config]) => [`${kind}-${name}`, config]));

export const configs = { ...named('conv', convolutions), ...named('depthwise', depthwises) };

const sizeOf = (shape) => shape.reduce((all, n) => all * n, 1);

export const arraysOf = ({ x, w }, take) => ({ x: take(sizeOf(x)), w: take(sizeOf(w)) });

export function fill({ arrays: { x, w } }, random) {
  for (let i = 0; i < x.length; i++) x[i] = 2 * random() - 1;
  for (let i = 0; i < w.length; i++) w[i] = 2 * random() - 1;
}

/** Shape of what the operator makes: [batch, height, width, filters]. */
export function outputShape({ operator, x, w, stride, padding }) {
  const along = (axis) => Math.floor((x[axis] + 2 * padding - w[axis - 1]) / stride) + 1;
  return [x[0], along(1), along(2), operator === 'conv2d' ? w[3] : x[3]];
}

/** The last image that the operator makes: [height, width, filters], of which the first ones would tell less. */
export function outputs({ config, arrays: { x, w } }) {
  const [batch, height, width, channels] = config.x;
  const { w: kernel, stride, padding, operator } = config;
  const [, rows, columns, filters] = outputShape(config);
  const first = (batch - 1) * height * width * channels;
  const y = new Float64Array(rows * columns * filters);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let ky = 0; ky < kernel[0]; ky++)
        for (let kx = 0; kx < kernel[1]; kx++) {
          const [row, column] = [i * stride + ky - padding, j * stride + kx - padding];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const to = (i * columns + j) * filters;
          const from = first + (row * width + column) * channels;
          const tap = (ky * kernel[1] + kx) * channels;
          for (let c = 0; c < channels; c++)
            if (operator === 'depthwise') y[to + c] += x[from + c] * w[tap + c];
            else for (let f = 0; f < filters; f++) y[to + f] += x[from + c] * w[(tap + c) * filters + f];
        }
  return y;
}
