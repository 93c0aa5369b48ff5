/**
 * Protocol buffers as they lie in a file (https://protobuf.dev/programming-guides/encoding): a message is a row of fields,
 * each a tag (its number and how its content is written) and the content. Nothing here knows what a field means, so
 * nothing nests: a field's content is a view of the bytes.
 */
import { DistillError } from '../../errors.js';

/** How a field's content is written: as one varint, as 8 bytes, with its length before it, as 4 bytes. */
export type Wire = 0 | 1 | 2 | 5;

export interface Field {
  readonly number: number;
  readonly wire: Wire;
  /** The content; of one number its encoding, so that a list of numbers reads the same packed and unpacked. */
  readonly bytes: Uint8Array;
  /** Where the field begins and ends in its message, tag included. */
  readonly start: number;
  readonly end: number;
}

/** A position in a message; `place` is what errors call it. */
interface Cursor {
  readonly bytes: Uint8Array;
  readonly place: string;
  at: number;
}

/** 64 bits as two halves, both from 0 to 2^32 − 1. */
export interface Word {
  readonly low: number;
  readonly high: number;
}

/** The fields of a message, in order. @throws DistillError 'bad-file' while it is run through */
export function* fieldsOf(bytes: Uint8Array, place: string): Generator<Field> {
  const cursor: Cursor = { bytes, place, at: 0 };
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const { low: tag, high } = varint(cursor);
    const [number, wire] = [tag >>> 3, tag & 7];
    if (high !== 0 || number === 0 || !isWire(wire))
      throw badOnnx(place, `has no field that could begin at byte ${start}; check that it is an ONNX model`);
    const content = contentOf(cursor, wire);
    yield { number, wire, bytes: content, start, end: cursor.at };
  }
}

function isWire(wire: number): wire is Wire {
  return wire === 0 || wire === 1 || wire === 2 || wire === 5;
}

function contentOf(cursor: Cursor, wire: Wire): Uint8Array {
  const { at } = cursor;
  if (wire === 0) {
    varint(cursor);
    return cursor.bytes.subarray(at, cursor.at);
  }
  const length = wire === 2 ? lengthOf(cursor) : wire === 1 ? 8 : 4;
  const from = cursor.at;
  if (length > cursor.bytes.length - from)
    throw badOnnx(
      cursor.place,
      `is cut short: at byte ${at} follow ${length} bytes, but there are ${cursor.bytes.length - from}; get it again, or check that it is an ONNX model`,
    );
  cursor.at = from + length;
  return cursor.bytes.subarray(from, cursor.at);
}

function lengthOf(cursor: Cursor): number {
  const { low, high } = varint(cursor);
  return high * 2 ** 32 + low;
}

/** Seven bits a byte, the lowest first, the highest bit of all but the last byte set; at most 64 bits. */
function varint(cursor: Cursor): Word {
  const { bytes, place } = cursor;
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[cursor.at];
    if (byte === undefined) throw badOnnx(place, 'is cut short within a number; get it again');
    cursor.at++;
    const bits = byte & 127;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >> 4;
    } else high |= bits << (shift - 32);
    if (byte < 128) return { low: low >>> 0, high: high >>> 0 };
  }
  throw badOnnx(place, `has a number of more than 64 bits at byte ${cursor.at - 10}`);
}

/** The whole numbers of a field, one or packed. */
export function* wordsOf(field: Field, place: string): Generator<Word> {
  demandWire(field, [0, 2], place);
  const cursor: Cursor = { bytes: field.bytes, place, at: 0 };
  while (cursor.at < field.bytes.length) yield varint(cursor);
}

/** An int64 as a number: exact below 2^53, else the nearest. */
export function signed({ low, high }: Word): number {
  return (high | 0) * 2 ** 32 + low;
}

/** The one whole number of a field. */
export function integerOf(field: Field, place: string): number {
  demandWire(field, [0], place);
  return signed(varint({ bytes: field.bytes, place, at: 0 }));
}

/** The bytes of a text, of a message or of numbers in a row. */
export function bytesOf(field: Field, place: string): Uint8Array {
  demandWire(field, [2], place);
  return field.bytes;
}

export function textOf(field: Field, place: string): string {
  return new TextDecoder().decode(bytesOf(field, place));
}

/** The f32 numbers of a field, one or packed. */
export function floatsOf(field: Field, place: string): number[] {
  const bytes = fixedOf(field, 4, place);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** Numbers of 4 or 8 bytes each, one or packed, as they lie in the file. */
export function fixedOf(field: Field, size: 4 | 8, place: string): Uint8Array {
  demandWire(field, [size === 4 ? 5 : 1, 2], place);
  if (field.bytes.length % size !== 0)
    throw badOnnx(
      place,
      `has ${field.bytes.length} bytes in field ${field.number}, which aren't numbers of ${size}`,
    );
  return field.bytes;
}

function demandWire(field: Field, allowed: readonly Wire[], place: string): void {
  if (!allowed.includes(field.wire))
    throw badOnnx(place, `has a field ${field.number} of wire type ${field.wire}, which ONNX doesn't have`);
}

/** `place` begins with the file's name. */
export function badOnnx(place: string, found: string): DistillError {
  return new DistillError('bad-file', `${place} ${found}`);
}
