// Works on images for TensorFlow.js: single operators, and inference of a network.
import { forward, paddingOf, withActivations } from './layers.mjs';
import { outputShape } from './operator.mjs';

export function operatorOf(tf, { config, arrays }) {
  const x = tf.tensor4d(arrays.x, config.x);
  const w = tf.tensor4d(arrays.w, config.operator === 'depthwise' ? [...config.w, 1] : config.w);
  const operator = { conv2d: tf.conv2d, depthwise: tf.depthwiseConv2d }[config.operator];
  const padding = [[0, 0], ...[0, 1].map(() => [config.padding, config.padding]), [0, 0]];
  const once = () => operator(x, w, config.stride, padding, 'NHWC');
  const [batch, ...shape] = outputShape(config);
  return {
    outputs: () => tf.tidy(() => tf.slice(once(), [batch - 1, 0, 0, 0], [1, ...shape]).dataSync()),
    // The wasm backend has done the work when the call returns.
    run(n) {
      for (let i = 0; i < n; i++) once().dispose();
    },
    close: () => tf.dispose([x, w]),
  };
}

export function networkOf(tf, { config, arrays }) {
  const { architecture, batch } = config;
  const own = new Map(arrays.parameters.map(({ name, shape, values }) => [name, tf.tensor(values, shape)]));
  const x = tf.tensor4d(arrays.x, [batch, ...architecture.input.shape]);
  const layers = withActivations(architecture.layers);
  const by = {
    conv(value, { kernel = 3, stride = 1, pad, activation = 'linear' }, path) {
      const sides = paddingOf({ kernel, pad });
      return tf.fused.conv2d({
        x: value,
        filter: own.get(`${path}.weight`),
        bias: own.get(`${path}.bias`),
        strides: stride,
        pad:
          sides === 0
            ? 'valid'
            : [
                [0, 0],
                [sides, sides],
                [sides, sides],
                [0, 0],
              ],
        activation,
      });
    },
    relu: (value) => tf.relu(value),
    pool: (value, { pool, stride = pool }) => tf.maxPool(value, pool, stride, 'valid'),
    gap: (value) => tf.mean(value, [1, 2]),
    concat: (values) => tf.concat(values, 3),
  };
  const infer = () => tf.tidy(() => forward(layers, x, by).dataSync());
  return {
    outputs: infer,
    run(n) {
      for (let i = 0; i < n; i++) infer();
    },
    close: () => tf.dispose([...own.values(), x]),
  };
}
