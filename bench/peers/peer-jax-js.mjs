// jax-js: the whole training step in one jit on its wasm backend.
import { readFileSync } from 'node:fs';
import { serve } from './serve.mjs';

await serve('jax-js', async () => {
  const jax = await import('@jax-js/jax');
  const devices = await jax.init('wasm');
  if (!devices.includes('wasm')) throw new Error('the wasm backend did not start');
  jax.defaultDevice('wasm');
  const { version } = JSON.parse(
    readFileSync(new URL('./node_modules/@jax-js/jax/package.json', import.meta.url), 'utf8'),
  );
  return {
    version,
    detail: 'wasm backend, one thread, one jit of valueAndGrad and update',
    open(work) {
      if (work.config.kind !== 'train') throw new Error('this peer only trains');
      return training(jax, work);
    },
  };
});

function training({ numpy: np, nn, jit, valueAndGrad, blockUntilReady }, { config, arrays }) {
  const { lr, momentum, temperature: T, alpha, batch } = config;
  const classes = config.layers.at(-1);
  // An array is used up by what takes it; `ref` is one more use of it.
  const matrix = (data, shape) => np.array(data).reshape(shape);
  const x = matrix(arrays.x, [batch, config.layers[0]]);
  const soft = matrix(arrays.soft, [batch, classes]);
  const hard = matrix(
    Float32Array.from({ length: batch * classes }, (_, i) =>
      arrays.labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
    ),
    [batch, classes],
  );

  function loss(params, x, soft, hard) {
    let hidden = x;
    params.forEach(({ w, b }, i) => {
      hidden = np.matmul(hidden, w).add(b);
      if (i < params.length - 1) hidden = nn.relu(hidden);
    });
    const warm = soft.mul(nn.logSoftmax(hidden.ref.mul(1 / T))).sum();
    const cold = hard.mul(nn.logSoftmax(hidden)).sum();
    return warm.mul((-(1 - alpha) * T * T) / batch).sub(cold.mul(alpha / batch));
  }

  const lossAndGradient = valueAndGrad(loss);
  const step = jit((params, velocities, x, soft, hard) => {
    const [value, gradients] = lossAndGradient(
      params.map(({ w, b }) => ({ w: w.ref, b: b.ref })),
      x,
      soft,
      hard,
    );
    const moved = velocities.map(({ w, b }, i) => ({
      w: w.mul(momentum).add(gradients[i].w),
      b: b.mul(momentum).add(gradients[i].b),
    }));
    const next = params.map(({ w, b }, i) => ({
      w: w.sub(moved[i].w.ref.mul(lr)),
      b: b.sub(moved[i].b.ref.mul(lr)),
    }));
    return [next, moved, value];
  });

  let params;
  let velocities;
  const release = (layers) => {
    for (const { w, b } of layers ?? []) {
      w.dispose();
      b.dispose();
    }
  };
  function reset() {
    release(params);
    release(velocities);
    params = arrays.layers.map(({ w, b, inputs, outputs }) => ({
      w: matrix(w, [inputs, outputs]),
      b: np.array(b),
    }));
    velocities = arrays.layers.map(({ inputs, outputs }) => ({
      w: np.zeros([inputs, outputs]),
      b: np.zeros([outputs]),
    }));
  }
  /** One step; the caller owns the loss. */
  function advance() {
    const [next, moved, value] = step(params, velocities, x.ref, soft.ref, hard.ref);
    params = next;
    velocities = moved;
    return value;
  }

  reset();
  return {
    reset,
    losses(steps) {
      return Array.from({ length: steps }, () => advance().dataSync()[0]);
    },
    async run(n) {
      // A step is only queued until one of its results is wanted, and a queue of many steps is slower: each holds its
      // own buffers (C: 3.4 ms a step one by one, 5.3 with 40 in the queue, 36 with 400).
      for (let i = 0; i < n; i++) await advance().data();
      await blockUntilReady([params, velocities]);
    },
    close() {
      release(params);
      release(velocities);
      for (const array of [x, soft, hard]) array.dispose();
      step.dispose();
    },
  };
}
