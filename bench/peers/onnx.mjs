// The works as ONNX models. Images are NCHW there: input "x" [batch, channels, height, width], output "y".
import { forward, paddingOf } from './layers.mjs';
import { mlpOnnx } from './onnx-mlp.mjs';
import { attribute, initializer, modelOf, node, port } from './proto.mjs';

/** The model's bytes: input "x" [batch, in], output "logits" [batch, classes]; of an operator its last image. */
export function onnxOf(work) {
  return { mlp: mlpOnnx, network: networkOnnx, operator: operatorOnnx }[work.config.form](work);
}

/** Images [n, height, width, channels] by channels first. */
export function byChannels(values, [n, height, width, channels]) {
  return permuted(values, [n, height * width, channels]);
}

/** Back to channels last, from [n, channels, height, width]. */
export function byPixels(values, [n, height, width, channels]) {
  return permuted(values, [n, channels, height * width]);
}

function permuted(values, [n, rows, columns]) {
  const result = new Float32Array(values.length);
  for (let i = 0; i < n; i++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        result[(i * columns + c) * rows + r] = values[(i * rows + r) * columns + c];
  return result;
}

/** Weights [kernel height, kernel width, channels, filters] as [filters, channels, kernel height, kernel width]. */
function filterMajor(values, [kh, kw, channels, filters]) {
  const result = new Float32Array(values.length);
  const taps = kh * kw;
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++)
      for (let f = 0; f < filters; f++)
        result[(f * channels + c) * taps + tap] = values[(tap * channels + c) * filters + f];
  return result;
}

const windowed = (kernel, stride, padding) => [
  attribute('kernel_shape', [kernel, kernel]),
  attribute('strides', [stride, stride]),
  attribute('pads', [padding, padding, padding, padding]),
];

function operatorOnnx({ config, arrays }) {
  const [batch, height, width, channels] = config.x;
  const [kh, kw, , filters] = config.w;
  return modelOf(
    node('Conv', ['x', 'w'], ['all'], ...windowed(kh, config.stride, config.padding)),
    // Only the last image is copied out.
    node('Slice', ['all', 'first', 'end', 'axis'], ['logits']),
    initializer('w', [filters, channels, kh, kw], filterMajor(arrays.w, config.w)),
    ...Object.entries({ first: batch - 1, end: batch, axis: 0 }).map(([name, value]) =>
      initializer(name, [1], BigInt64Array.of(BigInt(value))),
    ),
    port(11, 'x', [batch, channels, height, width]),
    port(12, 'logits'),
  );
}

function networkOnnx({ config, arrays }) {
  const { architecture, batch } = config;
  const [height, width, channels] = architecture.input.shape;
  const parameters = new Map(arrays.parameters.map((parameter) => [parameter.name, parameter]));
  const parts = [];
  let count = 0;
  /** A node with initializers for its parameters; answers its output's name. */
  const add = (operator, inputs, own, ...attributes) => {
    const name = `t${count++}`;
    const names = own.map((_, i) => `${name}.${i}`);
    parts.push(node(operator, [...inputs, ...names], [name], ...attributes));
    own.forEach(({ shape, values }, i) => {
      parts.push(initializer(names[i], shape, values));
    });
    return name;
  };
  const own = (path, ...names) => names.map((name) => parameters.get(`${path}.${name}`));
  const output = forward(architecture.layers, 'x', {
    conv(x, { kernel = 3, stride = 1, pad, bias }, path) {
      const [{ shape, values }] = own(path, 'weight');
      const [kh, kw, c, f] = shape;
      const weight = { shape: [f, c, kh, kw], values: filterMajor(values, shape) };
      const biases = bias === false ? [] : own(path, 'bias');
      return add('Conv', [x], [weight, ...biases], ...windowed(kernel, stride, paddingOf({ kernel, pad })));
    },
    dense: (x, { bias }, path) => add('Gemm', [x], own(path, 'weight', ...(bias === false ? [] : ['bias']))),
    norm: (x, _, path) => add('BatchNormalization', [x], own(path, 'scale', 'shift', 'mean', 'variance')),
    relu: (x) => add('Relu', [x], []),
    pool: (x, { pool, stride = pool }) => add('MaxPool', [x], [], ...windowed(pool, stride, 0)),
    gap: (x) => add('Flatten', [add('GlobalAveragePool', [x], [])], []),
    flatten() {
      throw new Error('rows of images by channels would need weights in another order');
    },
    sum: (xs) => xs.reduce((a, b) => add('Add', [a, b], [])),
    concat: (xs) => add('Concat', xs, [], attribute('axis', 1)),
  });
  return modelOf(
    ...parts,
    node('Identity', [output], ['logits']),
    port(11, 'x', [batch, channels, height, width]),
    port(12, 'logits'),
  );
}
