// TensorFlow.js on WebGPU as its guide shows (tfjs-training.mjs).
import { serve } from './serve.mjs';
import { startTfjsOnGpu } from './tfjs.mjs';
import { training } from './tfjs-training.mjs';

await serve('tfjs-webgpu', async () => {
  const { tf, version, detail } = await startTfjsOnGpu();
  return {
    version,
    detail: `${detail}, tf.train.momentum(…).minimize`,
    open: (work) => training(tf, work),
  };
});
