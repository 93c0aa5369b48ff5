// onnxruntime-web in Node: inference on its wasm (MLAS kernels), one thread.
import { byChannels, byPixels, onnxOf } from './onnx.mjs';
import { outputShape } from './operator.mjs';
import { serve } from './serve.mjs';

await serve('ort-web', async () => {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  return {
    version: ort.env.versions.web ?? ort.env.versions.common,
    detail:
      'wasm, SIMD, one thread, ONNX models of Gemm, Conv, BatchNormalization, Relu and the like; of 8 bits: dynamic quantization, MatMulInteger',
    async open(work) {
      if (work.config.kind !== 'infer') throw new Error('this peer only infers');
      return inference(ort, work);
    },
  };
});

async function inference(ort, work) {
  const { config } = work;
  const session = await ort.InferenceSession.create(onnxOf(work), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const feeds = { x: inputOf(ort, work) };
  return {
    async outputs() {
      const { data } = (await session.run(feeds)).logits;
      return config.form === 'operator' ? byPixels(data, [1, ...outputShape(config).slice(1)]) : data;
    },
    async run(n) {
      for (let i = 0; i < n; i++) await session.run(feeds);
    },
    close: () => session.release(),
  };
}

function inputOf(ort, { config, arrays }) {
  if (config.form === 'mlp') return new ort.Tensor('float32', arrays.x, [config.batch, config.layers[0]]);
  const shape = config.form === 'operator' ? config.x : [config.batch, ...config.architecture.input.shape];
  const [n, height, width, channels] = shape;
  return new ort.Tensor('float32', byChannels(arrays.x, shape), [n, channels, height, width]);
}
