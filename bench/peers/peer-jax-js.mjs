// jax-js: the whole training step in one jit on its wasm backend, or the one named as argument, webgpu.
import { readFileSync } from 'node:fs';
import { provideGpu } from './gpu.mjs';
import { mlpOf, networkOf } from './jax-network.mjs';
import { serve } from './serve.mjs';

const backend = process.argv[2] ?? 'wasm';

await serve(backend === 'wasm' ? 'jax-js' : `jax-js-${backend}`, async () => {
  if (backend === 'webgpu') await provideGpu();
  const jax = await import('@jax-js/jax');
  const devices = await jax.init(backend);
  if (!devices.includes(backend)) throw new Error(`the ${backend} backend did not start`);
  jax.defaultDevice(backend);
  const { version } = JSON.parse(
    readFileSync(new URL('./node_modules/@jax-js/jax/package.json', import.meta.url), 'utf8'),
  );
  return {
    version,
    detail: `${backend} backend, ${backend === 'wasm' ? 'one thread, ' : ''}one jit of valueAndGrad and update`,
    open(work) {
      if (work.config.kind !== 'train') throw new Error('this peer only trains');
      return training(jax, work);
    },
  };
});

function training(jax, work) {
  const { numpy: np, nn, jit, valueAndGrad, blockUntilReady } = jax;
  const { config, arrays } = work;
  const { lr, momentum, temperature: T, alpha, batch } = config;
  const network = (config.form === 'mlp' ? mlpOf : networkOf)(jax, work);
  const classes = arrays.soft.length / batch;
  // An array is used up by what takes it; `ref` is one more use of it.
  const x = network.x();
  const soft = np.array(arrays.soft).reshape([batch, classes]);
  const hard = np
    .array(
      Float32Array.from({ length: batch * classes }, (_, i) =>
        arrays.labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
      ),
    )
    .reshape([batch, classes]);

  function loss(params, x, soft, hard) {
    const logits = network.logitsOf(params, x);
    const warm = soft.mul(nn.logSoftmax(logits.ref.mul(1 / T))).sum();
    const cold = hard.mul(nn.logSoftmax(logits)).sum();
    return warm.mul((-(1 - alpha) * T * T) / batch).sub(cold.mul(alpha / batch));
  }

  const each = (names, make) => Object.fromEntries(names.map((name) => [name, make(name)]));
  const lossAndGradient = valueAndGrad(loss);
  const step = jit((params, velocities, x, soft, hard) => {
    const names = Object.keys(params);
    const [value, gradients] = lossAndGradient(
      each(names, (name) => params[name].ref),
      x,
      soft,
      hard,
    );
    const moved = each(names, (name) => velocities[name].mul(momentum).add(gradients[name]));
    const next = each(names, (name) => params[name].sub(moved[name].ref.mul(lr)));
    return [next, moved, value];
  });

  let params = {};
  let velocities = {};
  const release = () => {
    for (const array of [...Object.values(params), ...Object.values(velocities)]) array.dispose();
  };
  function reset() {
    release();
    params = network.params();
    velocities = each(Object.keys(params), (name) => np.zeros(params[name].shape));
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
    async losses(steps) {
      const values = [];
      // A GPU's results can't be waited for without a promise.
      for (let i = 0; i < steps; i++) values.push((await advance().data())[0]);
      return values;
    },
    async run(n) {
      // A step is only queued until one of its results is wanted, and a queue of many steps is slower: each holds its
      // own buffers (C: 3.4 ms a step one by one, 5.3 with 40 in the queue, 36 with 400).
      for (let i = 0; i < n; i++) await advance().data();
      await blockUntilReady([params, velocities]);
    },
    close() {
      release();
      for (const array of [x, soft, hard]) array.dispose();
      step.dispose();
    },
  };
}
