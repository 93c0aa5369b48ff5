// Networks as data, in the form that this library has: what each layer makes, and the parameters that it has.

const conv = (filters, options = {}) => ({ conv: filters, bias: false, ...options });
const norm = { norm: 'batch' };
const relu = { relu: true };
const rectified = (layer) => [layer, norm, relu];
const classes = (n) => ({ dense: n });

/** Two convolutions beside the identity, or beside a convolution of 1 × 1 where the shape changes. */
const residual = (filters, { stride = 1 } = {}) => [
  {
    sum: [
      [...rectified(conv(filters, { stride })), conv(filters), norm],
      stride === 1 ? [] : [conv(filters, { kernel: 1, stride }), norm],
    ],
  },
  relu,
];

const fire = (squeeze, expand) => [
  { conv: squeeze, kernel: 1 },
  relu,
  {
    concat: [
      [{ conv: expand, kernel: 1 }, relu],
      [{ conv: expand, kernel: 3 }, relu],
    ],
  },
];

export const architectures = {
  vgg: {
    input: { shape: [28, 28, 1] },
    layers: [
      ...[32, 32].flatMap((n) => rectified(conv(n, { pad: 0 }))),
      { pool: 2 },
      ...[64, 64].flatMap((n) => rectified(conv(n, { pad: 0 }))),
      { pool: 2 },
      { flatten: true },
      ...rectified({ dense: 128, bias: false }),
      classes(10),
    ],
  },
  resnet8: {
    input: { shape: [32, 32, 3] },
    layers: [
      ...rectified(conv(16)),
      ...residual(16),
      ...residual(32, { stride: 2 }),
      ...residual(64, { stride: 2 }),
      { gap: true },
      classes(10),
    ],
  },
  lenet: {
    input: { shape: [28, 28, 1] },
    layers: [
      ...rectified(conv(16, { kernel: 5, pad: 0 })),
      { pool: 2 },
      ...rectified(conv(32, { kernel: 5, pad: 0 })),
      { pool: 2 },
      { flatten: true },
      ...rectified({ dense: 128, bias: false }),
      classes(10),
    ],
  },
  // The same in small, for a GPU in software.
  'vgg-dry': {
    input: { shape: [8, 8, 1] },
    layers: [...rectified(conv(4, { pad: 0 })), { pool: 2 }, { flatten: true }, classes(3)],
  },
  'resnet8-dry': {
    input: { shape: [6, 6, 2] },
    layers: [...residual(4, { stride: 2 }), { gap: true }, classes(3)],
  },
  // Version 1.1 (github.com/forresti/SqueezeNet): no batch norm.
  squeezenet: {
    input: { shape: [224, 224, 3] },
    layers: [
      { conv: 64, kernel: 3, stride: 2, pad: 0 },
      relu,
      { pool: 3, stride: 2 },
      ...[...fire(16, 64), ...fire(16, 64)],
      { pool: 3, stride: 2 },
      ...[...fire(32, 128), ...fire(32, 128)],
      { pool: 3, stride: 2 },
      ...[...fire(48, 192), ...fire(48, 192), ...fire(64, 256), ...fire(64, 256)],
      { conv: 1000, kernel: 1 },
      relu,
      { gap: true },
    ],
  },
};

const kinds = ['conv', 'dense', 'norm', 'relu', 'pool', 'gap', 'flatten', 'sum', 'concat'];

/**
 * What layers make of x by a library's own functions: `by` has one for each kind of layer, (x, layer, path), but for 'sum'
 * and 'concat', which get what their branches made. A layer's path is its place, in a branch "4.0.2".
 */
export function forward(layers, x, by, prefix = '') {
  return layers.reduce((value, layer, i) => {
    if ('joined' in layer) return value;
    const path = `${prefix}${i}`;
    const kind = kinds.find((name) => name in layer);
    const branches = layer.sum ?? layer.concat;
    if (!branches) return by[kind](value, layer, path);
    return by[kind](branches.map((branch, b) => forward(branch, value, by, `${path}.${b}.`)));
  }, x);
}

/** Rows and columns of zeros at each side of an image. */
export function paddingOf({ kernel = 3, pad = 'same' }) {
  return pad === 'same' ? kernel >> 1 : pad;
}

const strided = (size, kernel, stride, padding) => Math.floor((size + 2 * padding - kernel) / stride) + 1;

/**
 * A network's parameters by name, in order: { name, shape, fanIn, role }, and the multiply-adds of each layer with weights
 * for one sample.
 */
export function describe({ input, layers }) {
  const parameters = [];
  const products = [];
  const add = (path, name, shape, role, fanIn = 1) => {
    parameters.push({ name: `${path}.${name}`, shape, role, fanIn });
  };
  const weights = (path, shape, fanIn, bias, times) => {
    add(path, 'weight', shape, 'weight', fanIn);
    if (bias !== false) add(path, 'bias', [shape.at(-1)], 'bias');
    products.push(times * shape.reduce((all, n) => all * n, 1));
  };
  const output = forward(layers, input.shape, {
    conv([height, width, channels], { conv: filters, kernel = 3, stride = 1, bias, ...layer }, path) {
      const padding = paddingOf({ kernel, ...layer });
      const size = [height, width].map((n) => strided(n, kernel, stride, padding));
      weights(path, [kernel, kernel, channels, filters], kernel * kernel * channels, bias, size[0] * size[1]);
      return [...size, filters];
    },
    dense([inputs], { dense: units, bias }, path) {
      weights(path, [inputs, units], inputs, bias, 1);
      return [units];
    },
    norm(shape, _, path) {
      for (const role of ['scale', 'shift', 'mean', 'variance']) add(path, role, [shape.at(-1)], role);
      return shape;
    },
    relu: (shape) => shape,
    pool([height, width, channels], { pool, stride = pool }) {
      return [...[height, width].map((n) => strided(n, pool, stride, 0)), channels];
    },
    gap: ([, , channels]) => [channels],
    flatten: (shape) => [shape.reduce((all, n) => all * n, 1)],
    sum: ([shape]) => shape,
    concat: (shapes) => [...shapes[0].slice(0, -1), shapes.reduce((all, shape) => all + shape.at(-1), 0)],
  });
  return { parameters, products, classes: output[0] };
}

const weighted = (layer) => layer !== undefined && ('conv' in layer || 'dense' in layer);

/** The same layers, but each ReLU right after weights is theirs, `activation: 'relu'`: for libraries that fuse it. */
export function withActivations(layers) {
  return layers.map((layer, i) => {
    if (layer.concat) return { concat: layer.concat.map(withActivations) };
    if (layer.relu && weighted(layers[i - 1])) return { joined: true };
    return weighted(layer) && layers[i + 1]?.relu ? { ...layer, activation: 'relu' } : layer;
  });
}
