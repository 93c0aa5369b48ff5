// Works on networks for jax-js: images are [n, channels, height, width] there, weights [filters, channels, height, width].
import { forward, paddingOf } from './layers.mjs';
import { byChannels } from './onnx.mjs';

const EPSILON = 1e-5;

/** The batch's input, the first parameters by name, and the logits by them; an array is used up by what takes it. */
export function networkOf({ numpy: np, nn, lax }, { config, arrays }) {
  const { architecture, batch } = config;
  const [height, width, channels] = architecture.input.shape;
  const shape = [batch, height, width, channels];
  const column = (row) => row.reshape([1, row.shape[0], 1, 1]);
  const logitsOf = (params, x) => {
    const own = (path, name) => params[`${path}.${name}`];
    return forward(architecture.layers, x, {
      conv(value, { kernel = 3, stride = 1, pad }, path) {
        const sides = paddingOf({ kernel, pad });
        const padding = [
          [sides, sides],
          [sides, sides],
        ];
        return lax.conv(value, own(path, 'weight'), [stride, stride], padding);
      },
      dense(value, { bias }, path) {
        const sums = np.matmul(value, own(path, 'weight'));
        return bias === false ? sums : sums.add(own(path, 'bias'));
      },
      norm(value, _, path) {
        const images = value.shape.length === 4;
        const axes = images ? [0, 2, 3] : 0;
        const row = images ? column : (own) => own;
        const centered = value.ref.sub(np.mean(value, axes, { keepdims: true }));
        const variance = np.mean(centered.ref.mul(centered.ref), axes, { keepdims: true });
        const unit = centered.mul(np.reciprocal(np.sqrt(variance.add(EPSILON))));
        return unit.mul(row(own(path, 'scale'))).add(row(own(path, 'shift')));
      },
      relu: (value) => nn.relu(value),
      pool(value, { pool }) {
        const [n, c, h, w] = value.shape;
        return np.max(value.reshape([n, c, h / pool, pool, w / pool, pool]), [3, 5]);
      },
      flatten(value) {
        const [n, c, h, w] = value.shape;
        return np.transpose(value, [0, 2, 3, 1]).reshape([n, c * h * w]);
      },
    });
  };
  return {
    x: () => np.array(byChannels(arrays.x, shape)).reshape([batch, channels, height, width]),
    params: () =>
      Object.fromEntries(
        arrays.parameters
          .filter(({ role }) => role !== 'mean' && role !== 'variance')
          .map(({ name, shape, values }) => {
            const array = np.array(values).reshape(shape);
            return [name, shape.length === 4 ? np.transpose(array, [3, 2, 0, 1]) : array];
          }),
      ),
    logitsOf,
  };
}

/** The same of a perceptron. */
export function mlpOf({ numpy: np, nn }, { config, arrays }) {
  const matrix = (data, shape) => np.array(data).reshape(shape);
  return {
    x: () => matrix(arrays.x, [config.batch, config.layers[0]]),
    params: () =>
      Object.fromEntries(
        arrays.layers.flatMap(({ w, b, inputs, outputs }, i) => [
          [`w${i}`, matrix(w, [inputs, outputs])],
          [`b${i}`, np.array(b)],
        ]),
      ),
    logitsOf(params, x) {
      const last = arrays.layers.length - 1;
      return arrays.layers.reduce((hidden, _, i) => {
        const sums = np.matmul(hidden, params[`w${i}`]).add(params[`b${i}`]);
        return i < last ? nn.relu(sums) : sums;
      }, x);
    },
  };
}
