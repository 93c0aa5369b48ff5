import { elementsOf } from '../numeric-array.js';
import type { OnnxTensor, OnnxType } from './model.js';
import { onnxTypes, typeOfCode } from './types.js';
import {
  badOnnx,
  bytesOf,
  type Field,
  fieldsOf,
  fixedOf,
  integerOf,
  signed,
  textOf,
  wordsOf,
} from './wire.js';
import { joined } from './wire-parts.js';

/** A tensor's fields as they come; `place` is the tensor's. */
interface Draft {
  name: string;
  code: number;
  readonly shape: number[];
  raw: Uint8Array | undefined;
  /** float_data and double_data, whose elements are as raw_data has them. */
  readonly fixed: Uint8Array[];
  /** int32_data, int64_data and uint64_data. */
  readonly words: Field[];
  readonly texts: string[];
  readonly external: Map<string, string>;
  isExternal: boolean;
}

/**
 * Reads a TensorProto. Nothing is allocated that isn't in the file: elements are counted before they are believed.
 * @throws DistillError 'bad-file'; `place` says whose tensor it is
 */
export function readTensor(bytes: Uint8Array, place: string): OnnxTensor {
  const draft: Draft = {
    ...{ name: '', code: 0, raw: undefined, isExternal: false },
    ...{ shape: [], fixed: [], words: [], texts: [], external: new Map() },
  };
  for (const field of fieldsOf(bytes, place)) take(field, draft, place);
  const { name, shape, code } = draft;
  const own = `${place}, tensor ${JSON.stringify(name.slice(0, 80))},`;
  const type = typeOfCode(code);
  if (type === undefined) throw badOnnx(own, `has elements of type ${code}, which isn't known here`);
  const count = elementsOf(shape);
  if (count === undefined) throw badOnnx(own, `has the shape [${shape.slice(0, 8)}], which no file can have`);
  if (draft.isExternal)
    return { name, shape, type, bytes: new Uint8Array(), external: externalOf(draft, own) };
  if (type === 'string') {
    demandCount(draft.texts.length, count, shape, own);
    return { name, shape, type, bytes: new Uint8Array(), texts: draft.texts };
  }
  const elements = draft.raw ?? listed(draft, type, own);
  const { bits } = onnxTypes[type];
  if (elements.length !== Math.ceil((count * bits) / 8))
    demandCount(Math.floor((elements.length * 8) / bits), count, shape, own);
  return { name, shape, type, bytes: elements };
}

function take(field: Field, draft: Draft, place: string): void {
  const { number } = field;
  if (number === 1) for (const word of wordsOf(field, place)) draft.shape.push(signed(word));
  else if (number === 2) draft.code = integerOf(field, place);
  else if (number === 3)
    throw badOnnx(place, "has a tensor in segments, which aren't read; save the model anew");
  else if (number === 4) draft.fixed.push(fixedOf(field, 4, place));
  else if (number === 10) draft.fixed.push(fixedOf(field, 8, place));
  else if (number === 5 || number === 7 || number === 11) draft.words.push(field);
  else if (number === 6) draft.texts.push(textOf(field, place));
  else if (number === 8) draft.name = textOf(field, place);
  else if (number === 9) draft.raw = bytesOf(field, place);
  else if (number === 13) draft.external.set(...entryOf(bytesOf(field, place), place));
  else if (number === 14) draft.isExternal = integerOf(field, place) === 1;
}

function demandCount(found: number, count: number, shape: readonly number[], place: string): void {
  if (found !== count)
    throw badOnnx(
      place,
      `has the shape [${shape}], which takes ${count} numbers, but ${found} are there; get it again`,
    );
}

/** A StringStringEntryProto. */
export function entryOf(bytes: Uint8Array, place: string): [key: string, value: string] {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(bytes, place)) {
    if (field.number === 1) key = textOf(field, place);
    if (field.number === 2) value = textOf(field, place);
  }
  return [key, value];
}

/** Elements that are listed in a field of their type, as raw bytes. */
function listed({ fixed, words }: Draft, type: OnnxType, place: string): Uint8Array {
  const { bits, listed: kind } = onnxTypes[type];
  if (kind === 'floats' || kind === 'doubles') return fixed.length === 1 ? fixed[0]! : joined(fixed);
  // Of elements of less than a byte, each number holds the byte of several.
  return asBytes(words, Math.max(1, bits / 8), place);
}

/** Whole numbers in `size` bytes each. They are counted first, as a list of objects would take 40 times the file. */
function asBytes(fields: readonly Field[], size: number, place: string): Uint8Array {
  const count = fields.reduce((sum, { bytes }) => sum + varintsIn(bytes), 0);
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    for (const { low, high } of wordsOf(field, place)) {
      if (size === 1) bytes[at] = low;
      else if (size === 2) view.setUint16(at, low & 0xffff, true);
      else view.setUint32(at, low, true);
      if (size === 8) view.setUint32(at + 4, high, true);
      at += size;
    }
  }
  return bytes;
}

/** Each ends with its only byte below 128. */
function varintsIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte < 128 ? count + 1 : count), 0);
}

/** Where elements in another file are: one beside the model, as anything else would let a model read what it likes. */
function externalOf({ external }: Draft, place: string): NonNullable<OnnxTensor['external']> {
  const location = external.get('location') ?? '';
  const steps = location.split('/');
  if (location === '' || /[\\:\0]/.test(location) || steps.some((step) => step === '' || step === '..'))
    throw badOnnx(
      place,
      `lies in ${JSON.stringify(location.slice(0, 80))}, which is no file beside the model`,
    );
  const [offset = 0, length] = ['offset', 'length'].map((key) => {
    const value = external.get(key);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
      throw badOnnx(
        place,
        `has the ${key} ${JSON.stringify(value.slice(0, 80))}, which is no number of bytes`,
      );
    return Number(value);
  });
  return { location, offset, ...(length !== undefined && { length }) };
}
