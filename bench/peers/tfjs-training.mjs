// TensorFlow.js as its guide shows: a loss out of operations, and an optimizer that minimizes it.
import { lossOf, tensorsOf } from './tfjs.mjs';

export function training(tf, work) {
  const { config } = work;
  const { weights, biases, x, soft, hard } = tensorsOf(tf, work);
  const initial = [...weights, ...biases];
  const params = initial.map((tensor) => tf.variable(tensor));
  const depth = weights.length;
  let optimizer;

  function loss() {
    let hidden = x;
    for (let i = 0; i < depth; i++) {
      hidden = tf.add(tf.matMul(hidden, params[i]), params[depth + i]);
      if (i < depth - 1) hidden = tf.relu(hidden);
    }
    return lossOf(tf, config, hidden, soft, hard);
  }

  function reset() {
    params.forEach((param, i) => {
      param.assign(initial[i].clone());
    });
    optimizer?.dispose();
    optimizer = tf.train.momentum(config.lr, config.momentum);
  }

  reset();
  return {
    reset,
    async losses(steps) {
      const values = [];
      for (let i = 0; i < steps; i++) {
        const value = optimizer.minimize(loss, true, params);
        // A GPU's results can't be waited for without a promise.
        values.push((await value.data())[0]);
        value.dispose();
      }
      return values;
    },
    async run(n) {
      for (let i = 0; i < n; i++) optimizer.minimize(loss, false, params);
      await params[depth].data();
    },
    close() {
      optimizer.dispose();
      tf.dispose([initial, params, x, soft, hard]);
    },
  };
}
