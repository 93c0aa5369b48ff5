/** ONNX files made field by field, as protocol buffers have them: what the reader must take, in forms that no one writer uses. */
import { joined, lengthed, type Parts, varint } from '#library/formats/onnx/wire-parts.js';

export { joined, lengthed, type Parts };

/** A field of one whole number; below 0 as ten bytes. */
export function int(number: number, value: number): Parts {
  return [varint(number * 8), value < 0 ? negative(value) : varint(value)];
}

function negative(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

export function float(number: number, value: number): Parts {
  return [varint(number * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)];
}

/** Numbers in one field, as newer writers have them. */
export function packed(number: number, values: readonly number[]): Parts {
  return lengthed(
    number,
    values.flatMap((value) => int(0, value).slice(1)),
  );
}

export function packedFloats(number: number, values: readonly number[]): Parts {
  return lengthed(number, [new Uint8Array(Float32Array.from(values).buffer)]);
}

export function raw(values: Float32Array | BigInt64Array | Float64Array | Uint16Array | Uint8Array): Parts {
  return lengthed(9, [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}

export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: { name?: string; domain?: string; attributes?: Parts } = {},
): Parts {
  return lengthed(1, [
    ...inputs.flatMap((input) => lengthed(1, input)),
    ...outputs.flatMap((output) => lengthed(2, output)),
    ...(more.name === undefined ? [] : lengthed(3, more.name)),
    ...lengthed(4, op),
    ...(more.attributes ?? []),
    ...(more.domain === undefined ? [] : lengthed(7, more.domain)),
  ]);
}

/** An AttributeProto in a node; `type` by AttributeProto.AttributeType, none in files of IR 1. */
export function attribute(name: string, content: Parts, type?: number): Parts {
  return lengthed(5, [...lengthed(1, name), ...content, ...(type === undefined ? [] : int(20, type))]);
}

export const ints = (name: string, values: readonly number[]) => attribute(name, packed(8, values), 7);

/** An initializer: its dimensions one by one, its elements in the field given. */
export function initializer(name: string, type: number, shape: readonly number[], content: Parts): Parts {
  return lengthed(5, tensor(name, type, shape, content));
}

export function tensor(name: string, type: number, shape: readonly number[], content: Parts): Parts {
  return [...shape.flatMap((size) => int(1, size)), ...int(2, type), ...lengthed(8, name), ...content];
}

export function entry(number: number, key: string, value: string): Parts {
  return lengthed(number, [...lengthed(1, key), ...lengthed(2, value)]);
}

/** 11: an input, 12: an output, 13: what is told of a tensor inside. */
export function value(
  number: 11 | 12 | 13,
  name: string,
  shape?: readonly (number | string)[],
  type = 1,
): Parts {
  const dimensions = (shape ?? []).flatMap((size) =>
    lengthed(1, typeof size === 'number' ? int(1, size) : lengthed(2, size)),
  );
  return lengthed(number, [
    ...lengthed(1, name),
    ...(shape ? lengthed(2, lengthed(1, [...int(1, type), ...lengthed(2, dimensions)])) : []),
  ]);
}

export function onnxFile(graph: Parts, more: Parts = []): Uint8Array {
  return joined([
    ...int(1, 8),
    ...lengthed(2, 'tests'),
    ...lengthed(7, graph),
    ...lengthed(8, int(2, 17)),
    ...more,
  ]);
}
