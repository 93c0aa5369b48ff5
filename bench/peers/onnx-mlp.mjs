// A multilayer perceptron as an ONNX model.
import { attribute, FLOAT, initializer, modelOf, node, port } from './proto.mjs';

/** A layer's sums by products of floats. */
const floatLayer = (i, { w, b, inputs, outputs }, from, to) => [
  node('Gemm', [from, `w${i}`, `b${i}`], [to]),
  initializer(`w${i}`, [inputs, outputs], w),
  initializer(`b${i}`, [outputs], b),
];

/**
 * A layer's sums by products of 8 bits, as onnxruntime's dynamic quantization has them: inputs over their own range in 255
 * steps, weights with a scale for each output.
 */
function int8Layer(i, { w, b, inputs, outputs }, from, to) {
  const { weights, scales } = quantized(w, outputs);
  return [
    node('DynamicQuantizeLinear', [from], [`q${i}`, `step${i}`, `zero${i}`]),
    node('MatMulInteger', [`q${i}`, `w${i}`, `zero${i}`, `wzero${i}`], [`whole${i}`]),
    node('Cast', [`whole${i}`], [`float${i}`], attribute('to', FLOAT)),
    node('Mul', [`step${i}`, `scales${i}`], [`steps${i}`]),
    node('Mul', [`float${i}`, `steps${i}`], [`product${i}`]),
    node('Add', [`product${i}`, `b${i}`], [to]),
    initializer(`w${i}`, [inputs, outputs], weights),
    initializer(`wzero${i}`, [], new Int8Array(1)),
    initializer(`scales${i}`, [outputs], scales),
    initializer(`b${i}`, [outputs], b),
  ];
}

/** Weights [inputs, outputs] as whole numbers, the largest of each output being 127. */
function quantized(w, outputs) {
  const scales = new Float32Array(outputs);
  w.forEach((value, k) => {
    scales[k % outputs] = Math.max(scales[k % outputs], Math.abs(value) / 127);
  });
  return { scales, weights: Int8Array.from(w, (value, k) => Math.round(value / scales[k % outputs])) };
}

/** The model's bytes: input "x" [batch, in], output "logits" [batch, classes]. */
export function mlpOnnx({ config, arrays }) {
  const last = arrays.layers.length - 1;
  const layerOf = config.weights === 'int8' ? int8Layer : floatLayer;
  const parts = arrays.layers.flatMap((layer, i) => {
    const from = i === 0 ? 'x' : `hidden${i - 1}`;
    const sums = layerOf(i, layer, from, i === last ? 'logits' : `sum${i}`);
    return i === last ? sums : [...sums, node('Relu', [`sum${i}`], [`hidden${i}`])];
  });
  return modelOf(
    ...parts,
    port(11, 'x', [config.batch, config.layers[0]]),
    port(12, 'logits', [config.batch, config.layers.at(-1)]),
  );
}
