// Writes a multilayer perceptron as an ONNX file: the few fields of onnx.proto that such a model needs, by number.

/** Types of tensors. */
const FLOAT = 1;
const INT8 = 3;
/** The type of an attribute that holds a whole number. */
const INT = 2;

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** A field that holds a number. */
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

/** A field that holds bytes, text or another message. */
function bytes(field, ...parts) {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

const node = (operator, inputs, outputs, ...attributes) =>
  bytes(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...attributes,
  );

const attribute = (name, value) => bytes(5, bytes(1, name), number(3, value), number(20, INT));

function initializer(name, dims, data) {
  const type = data instanceof Int8Array ? INT8 : FLOAT;
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(5, ...dims.map((dim) => number(1, dim)), number(2, type), bytes(8, name), bytes(9, raw));
}

/** An input (11) or output (12) of the graph. */
function port(field, name, dims) {
  const shape = bytes(2, ...dims.map((dim) => bytes(1, number(1, dim))));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, FLOAT), shape)));
}

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
export function onnxOf({ config, arrays }) {
  const last = arrays.layers.length - 1;
  const layerOf = config.weights === 'int8' ? int8Layer : floatLayer;
  const parts = arrays.layers.flatMap((layer, i) => {
    const from = i === 0 ? 'x' : `hidden${i - 1}`;
    const sums = layerOf(i, layer, from, i === last ? 'logits' : `sum${i}`);
    return i === last ? sums : [...sums, node('Relu', [`sum${i}`], [`hidden${i}`])];
  });
  const graph = bytes(
    7,
    ...parts,
    bytes(2, 'mlp'),
    port(11, 'x', [config.batch, config.layers[0]]),
    port(12, 'logits', [config.batch, config.layers.at(-1)]),
  );
  // IR version 8 and operator set 13: old enough for every runtime of today.
  return Buffer.concat([number(1, 8), graph, bytes(8, number(2, 13))]);
}
