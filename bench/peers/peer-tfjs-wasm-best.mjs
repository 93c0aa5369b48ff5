// TensorFlow.js as fast as its wasm backend goes: the backward pass written by hand out of plain products.
import { serve } from './serve.mjs';
import { lossOf, startTfjs, tensorsOf } from './tfjs.mjs';
import { networkOf, operatorOf } from './tfjs-images.mjs';

const openers = {
  'mlp train': training,
  'mlp infer': inference,
  'network infer': networkOf,
  'operator infer': operatorOf,
};

await serve('tfjs-wasm-best', async () => {
  const { tf, version, detail } = await startTfjs();
  return {
    version,
    detail: `${detail}, hand-written backward pass, no loss computed while timed`,
    open: (work) => openers[`${work.config.form} ${work.config.kind}`](tf, work),
  };
});

/** All layers' outputs, each product fused with its bias and ReLU. */
function forward(tf, x, weights, biases) {
  const outputs = [x];
  weights.forEach((b, i) => {
    const activation = i < weights.length - 1 ? 'relu' : 'linear';
    outputs.push(tf.fused.matMul({ a: outputs[i], b, bias: biases[i], activation }));
  });
  return outputs;
}

function inference(tf, work) {
  const { weights, biases, x } = tensorsOf(tf, work);
  const infer = () => tf.tidy(() => forward(tf, x, weights, biases).at(-1).dataSync());
  return {
    outputs: infer,
    run(n) {
      for (let i = 0; i < n; i++) infer();
    },
    close: () => tf.dispose([weights, biases, x]),
  };
}

function training(tf, work) {
  const { config } = work;
  const { lr, momentum, temperature: T, alpha, batch } = config;
  const { weights, biases, x, soft, hard } = tensorsOf(tf, work);
  const initial = [...weights, ...biases];
  const depth = weights.length;
  const params = initial.map((tensor) => tf.variable(tensor));
  const velocities = initial.map((tensor) => tf.variable(tf.zerosLike(tensor)));
  const scale = tf.scalar(momentum);
  const warmScale = tf.scalar(1 / T);
  // The learning rate goes into the logits' gradient, where it costs least: u = lr·v then follows u = m·u + lr·g and
  // w -= u, which is the same step.
  const warmShare = tf.scalar((lr * (1 - alpha) * T) / batch);
  const coldShare = tf.scalar((lr * alpha) / batch);
  const target = tf.tidy(() => tf.add(tf.mul(soft, warmShare), tf.mul(hard, coldShare)));

  /** lr times the gradient of the loss by the logits. */
  function logitsGradient(logits) {
    const warm = tf.mul(tf.softmax(tf.mul(logits, warmScale)), warmShare);
    const cold = tf.mul(tf.softmax(logits), coldShare);
    return tf.sub(tf.add(warm, cold), target);
  }

  function update(index, gradient) {
    const velocity = tf.add(tf.mul(velocities[index], scale), gradient);
    velocities[index].assign(velocity);
    params[index].assign(tf.sub(params[index], velocity));
  }

  function backward(outputs) {
    // delta [batch, outputs] and its transpose are both kept: dW = inputᵀ·delta and dXᵀ = W·deltaᵀ are then plain
    // products, and no weight need be transposed. (Products with transpose flags are an order of magnitude slower.)
    let delta = logitsGradient(outputs[depth]);
    let turned = tf.transpose(delta);
    for (let i = depth - 1; i >= 0; i--) {
      const input = tf.transpose(outputs[i]);
      const dw = tf.matMul(input, delta);
      const db = tf.sum(turned, 1);
      if (i > 0) {
        turned = tf.mul(tf.matMul(params[i], turned), tf.step(input));
        delta = tf.transpose(turned);
      }
      update(i, dw);
      update(depth + i, db);
    }
  }

  const step = () => tf.tidy(() => backward(forward(tf, x, params.slice(0, depth), params.slice(depth))));

  return {
    reset() {
      params.forEach((param, i) => {
        param.assign(initial[i].clone());
        velocities[i].assign(tf.zerosLike(initial[i]));
      });
    },
    losses(steps) {
      return Array.from({ length: steps }, () =>
        tf.tidy(() => {
          const outputs = forward(tf, x, params.slice(0, depth), params.slice(depth));
          const loss = lossOf(tf, config, outputs[depth], soft, hard).dataSync()[0];
          backward(outputs);
          return loss;
        }),
      );
    },
    async run(n) {
      for (let i = 0; i < n; i++) step();
      await params[depth].data();
    },
    close: () =>
      tf.dispose([
        initial,
        params,
        velocities,
        x,
        soft,
        hard,
        scale,
        warmScale,
        warmShare,
        coldShare,
        target,
      ]),
  };
}
