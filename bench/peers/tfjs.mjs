// Starts TensorFlow.js on its wasm backend with one thread, or on WebGPU, for the peers that use it.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { provideGpu } from './gpu.mjs';

const require = createRequire(import.meta.url);

function core() {
  // Their ES builds import folders, which Node refuses; the CommonJS builds are the ones made for Node.
  const tf = require('@tensorflow/tfjs-core');
  // Of the builds for Node only this one brings the operations' gradients.
  require('@tensorflow/tfjs-layers');
  return tf;
}

export async function startTfjsOnGpu() {
  await provideGpu();
  const tf = core();
  const { version_webgpu } = require('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('the webgpu backend did not start');
  await tf.ready();
  if (tf.getBackend() !== 'webgpu') throw new Error(`runs on ${tf.getBackend()} instead of webgpu`);
  return { tf, version: tf.version_core, detail: `webgpu backend ${version_webgpu ?? ''}`.trim() };
}

export async function startTfjs() {
  const tf = core();
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
  await tf.ready();
  // It falls back to its 'cpu' backend without a word.
  if (tf.getBackend() !== 'wasm') throw new Error(`runs on ${tf.getBackend()} instead of wasm`);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('runs without SIMD');
  return { tf, version: tf.version_core, detail: `wasm backend ${wasm.version_wasm}, SIMD, one thread` };
}

/** The work's arrays as tensors. */
export function tensorsOf(tf, { config, arrays }) {
  const classes = config.layers.at(-1);
  return {
    weights: arrays.layers.map(({ w, inputs, outputs }) => tf.tensor2d(w, [inputs, outputs])),
    biases: arrays.layers.map(({ b }) => tf.tensor1d(b)),
    x: tf.tensor2d(arrays.x, [config.batch, config.layers[0]]),
    soft: tf.tensor2d(arrays.soft, [config.batch, classes]),
    hard: tf.tidy(() =>
      tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(arrays.labels), 'int32'), classes), 'float32'),
    ),
  };
}

/** The batch's loss as a scalar tensor. */
export function lossOf(tf, { batch, temperature: T, alpha }, logits, soft, hard) {
  const warm = tf.sum(tf.mul(soft, tf.logSoftmax(tf.mul(logits, 1 / T))));
  const cold = tf.sum(tf.mul(hard, tf.logSoftmax(logits)));
  return tf.add(tf.mul(warm, (-(1 - alpha) * T * T) / batch), tf.mul(cold, -alpha / batch));
}
