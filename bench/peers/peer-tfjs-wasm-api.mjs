// TensorFlow.js on wasm as its guide shows (tfjs-training.mjs).
import { serve } from './serve.mjs';
import { startTfjs } from './tfjs.mjs';
import { training } from './tfjs-training.mjs';

await serve('tfjs-wasm-api', async () => {
  const { tf, version, detail } = await startTfjs();
  return {
    version,
    detail: `${detail}, tf.train.momentum(…).minimize`,
    open(work) {
      if (work.config.kind !== 'train') throw new Error('this peer only trains');
      return training(tf, work);
    },
  };
});
