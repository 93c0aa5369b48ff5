// Writes ONNX: the few fields of onnx.proto that small models need, by number.

/** Types of tensors. */
export const FLOAT = 1;
const INT8 = 3;
const INT64 = 7;
/** Types of attributes: a number, a whole one, and a list of whole ones. */
const INT = 2;
const INTS = 7;

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

export const node = (operator, inputs, outputs, ...attributes) =>
  bytes(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...attributes,
  );

/** An attribute that holds a whole number or a list of them. */
export const attribute = (name, value) =>
  Array.isArray(value)
    ? bytes(5, bytes(1, name), ...value.map((each) => number(8, each)), number(20, INTS))
    : bytes(5, bytes(1, name), number(3, value), number(20, INT));

export function initializer(name, dims, data) {
  const type = data instanceof Int8Array ? INT8 : data instanceof BigInt64Array ? INT64 : FLOAT;
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(5, ...dims.map((dim) => number(1, dim)), number(2, type), bytes(8, name), bytes(9, raw));
}

/** An input (11) or output (12) of the graph; without dims, of any shape. */
export function port(field, name, dims) {
  const shape = dims ? bytes(2, ...dims.map((dim) => bytes(1, number(1, dim)))) : Buffer.alloc(0);
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, FLOAT), shape)));
}

/** A model of nodes, initializers and ports. */
export function modelOf(...parts) {
  // IR version 8 and operator set 13: old enough for every runtime of today.
  return Buffer.concat([number(1, 8), bytes(7, ...parts, bytes(2, 'graph')), bytes(8, number(2, 13))]);
}
