// onnxruntime-web in Node: inference on its wasm (MLAS kernels), one thread.
import { onnxOf } from './onnx.mjs';
import { serve } from './serve.mjs';

await serve('ort-web', async () => {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  return {
    version: ort.env.versions.web ?? ort.env.versions.common,
    detail:
      'wasm, SIMD, one thread, ONNX model of Gemm and Relu; of 8 bits: dynamic quantization, MatMulInteger',
    async open(work) {
      if (work.config.kind !== 'infer') throw new Error('this peer only infers');
      return inference(ort, work);
    },
  };
});

async function inference(ort, work) {
  const { config, arrays } = work;
  const session = await ort.InferenceSession.create(onnxOf(work), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const feeds = { x: new ort.Tensor('float32', arrays.x, [config.batch, config.layers[0]]) };
  return {
    outputs: async () => (await session.run(feeds)).logits.data,
    async run(n) {
      for (let i = 0; i < n; i++) await session.run(feeds);
    },
    close: () => session.release(),
  };
}
