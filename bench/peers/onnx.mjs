// Writes a multilayer perceptron as an ONNX file: the few fields of onnx.proto that such a model needs, by number.

const FLOAT = 1;

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

const node = (operator, inputs, output) =>
  bytes(1, ...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, operator));

function initializer(name, dims, data) {
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(5, ...dims.map((dim) => number(1, dim)), number(2, FLOAT), bytes(8, name), bytes(9, raw));
}

/** An input (11) or output (12) of the graph. */
function port(field, name, dims) {
  const shape = bytes(2, ...dims.map((dim) => bytes(1, number(1, dim))));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, FLOAT), shape)));
}

/** The model's bytes: input "x" [batch, in], output "logits" [batch, classes]. */
export function onnxOf({ config, arrays }) {
  const last = arrays.layers.length - 1;
  const parts = [];
  arrays.layers.forEach(({ w, b, inputs, outputs }, i) => {
    const from = i === 0 ? 'x' : `hidden${i - 1}`;
    parts.push(node('Gemm', [from, `w${i}`, `b${i}`], i === last ? 'logits' : `sum${i}`));
    if (i < last) parts.push(node('Relu', [`sum${i}`], `hidden${i}`));
    parts.push(initializer(`w${i}`, [inputs, outputs], w), initializer(`b${i}`, [outputs], b));
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
