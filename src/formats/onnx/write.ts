import type { Bytes } from '../../arrays.js';
import { demand } from '../../errors.js';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { onnxTypes } from './types.js';
import { joined, lengthed, type Parts, varint } from './wire-parts.js';

/** Protobuf's own limit: its readers refuse what is longer. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * A model as an ONNX file; fields have their numbers from onnx.proto3. The same model gives the same bytes.
 * @throws DistillError 'bad-argument' for one of 2 GiB or more
 */
export function writeOnnx({ irVersion, producer, graph, opset, metadata }: OnnxModel): Bytes {
  const parts = [
    ...int(1, irVersion),
    ...lengthed(2, producer),
    ...lengthed(7, graphParts(graph)),
    ...Object.entries(opset).flatMap(([domain, version]) =>
      lengthed(8, [...(domain === '' ? [] : lengthed(1, domain)), ...int(2, version)]),
    ),
    ...Object.entries(metadata).flatMap((entry) => lengthed(14, entryParts(entry))),
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  demand(
    length <= MOST_BYTES,
    () => `an ONNX file of ${length} bytes can't be read by anybody: less than 2 GiB is protobuf's limit`,
  );
  return joined(parts);
}

function graphParts({ name, nodes, initializers, inputs, outputs, hidden }: OnnxGraph): Parts {
  return [
    ...nodes.flatMap((node) => lengthed(1, nodeParts(node))),
    ...lengthed(2, name),
    ...[...initializers.values()].flatMap((tensor) => lengthed(5, tensorParts(tensor))),
    ...inputs.flatMap((value) => lengthed(11, valueParts(value))),
    ...outputs.flatMap((value) => lengthed(12, valueParts(value))),
    ...[...hidden.values()].flatMap((value) => lengthed(13, valueParts(value))),
  ];
}

function nodeParts({ op, domain, name, inputs, outputs, attributes }: OnnxNode): Parts {
  return [
    ...inputs.flatMap((input) => lengthed(1, input)),
    ...outputs.flatMap((output) => lengthed(2, output)),
    ...lengthed(3, name),
    ...lengthed(4, op),
    ...Object.entries(attributes).flatMap(([key, value]) => lengthed(5, attributeParts(key, value))),
    ...(domain === '' ? [] : lengthed(7, domain)),
  ];
}

function attributeParts(name: string, value: OnnxAttribute): Parts {
  if ('opaque' in value) return [value.opaque];
  const [type, content] = typed(value);
  return [...lengthed(1, name), ...content, ...int(20, type)];
}

/** AttributeProto.AttributeType, and the field that holds the value. */
function typed(value: Exclude<OnnxAttribute, { opaque: Uint8Array }>): [type: number, content: Parts] {
  if ('float' in value) return [1, float(2, value.float)];
  if ('int' in value) return [2, int(3, value.int)];
  if ('string' in value) return [3, lengthed(4, value.string)];
  if ('tensor' in value) return [4, lengthed(5, tensorParts(value.tensor))];
  if ('floats' in value) return [6, value.floats.flatMap((each) => float(7, each))];
  if ('ints' in value) return [7, value.ints.flatMap((each) => int(8, each))];
  return [8, value.strings.flatMap((each) => lengthed(9, each))];
}

function tensorParts({ name, shape, type, bytes, texts, external }: OnnxTensor): Parts {
  return [
    ...shape.flatMap((length) => int(1, length)),
    ...int(2, onnxTypes[type].code),
    ...(texts ?? []).flatMap((text) => lengthed(6, text)),
    ...lengthed(8, name),
    ...(texts || external ? [] : lengthed(9, [bytes])),
    ...(external ? externalParts(external) : []),
  ];
}

function externalParts(external: NonNullable<OnnxTensor['external']>): Parts {
  const entries = Object.entries(external).map(([key, value]) => lengthed(13, entryParts([key, `${value}`])));
  return [...entries.flat(), ...int(14, 1)];
}

function valueParts({ name, type, shape }: OnnxValue): Parts {
  const tensor = type && [...int(1, onnxTypes[type].code), ...(shape ? lengthed(2, shapeParts(shape)) : [])];
  return [...lengthed(1, name), ...(tensor ? lengthed(2, lengthed(1, tensor)) : [])];
}

function shapeParts(shape: NonNullable<OnnxValue['shape']>): Parts {
  return shape.flatMap((length) =>
    lengthed(
      1,
      typeof length === 'number' ? int(1, length) : length === undefined ? [] : lengthed(2, length),
    ),
  );
}

/** A StringStringEntryProto. */
function entryParts([key, value]: readonly [string, string]): Parts {
  return [...lengthed(1, key), ...lengthed(2, value)];
}

/** A field of an int64; negative numbers take all of its 64 bits. */
function int(field: number, value: number): Parts {
  return [varint(field * 8), value < 0 ? negative(value) : varint(value)];
}

function negative(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

function float(field: number, value: number): Parts {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint(field * 8 + 5), bytes];
}
