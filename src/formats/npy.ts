/**
 * npy: one array of NumPy's (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 *     93 N U M P Y, major and minor version
 *     u16 (version 1) or u32 little-endian: length of the header
 *     the header, a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, spaces, a newline
 *     the elements
 */
import type { Bytes } from '../arrays.js';
import { brandOf, checkArray, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { readElements } from './npy-elements.js';
import { elementsOf, type NumericArray, type TextArray } from './numeric-array.js';

/** NumPy has no more. */
const MOST_DIMENSIONS = 64;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether a file starts as npy does. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads an array: numbers of all kinds but complex ones, truth values as bytes, texts; in any byte order; what is stored
 * by columns is turned. `data` is a view of the bytes where those are as a typed array has them.
 *
 * `name` is the file's name, for messages. Throws `bad-file`.
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumericArray | TextArray {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const { descr, fortran, shape, start } = readNpyStart(bytes, name);
  // Not subarray: a Node Buffer's is another Buffer, whose slice doesn't copy as a Uint8Array's does.
  const rest = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const data = readElements(rest, descr, elementsOf(shape)!, name);
  return { shape, data: fortran && shape.length > 1 ? turned(data, shape) : data } as
    | NumericArray
    | TextArray;
}

/** What comes before the elements. */
export interface NpyStart {
  /** Type of the elements, as '<f4'. */
  readonly descr: string;
  /** Whether the first index runs fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly start: number;
}

/** Reads the start of an npy file, of which the bytes hold at least the header. Throws `bad-file`. */
export function readNpyStart(bytes: Uint8Array, name: string): NpyStart {
  demandNpy(
    isNpy(bytes) && bytes.length >= 10,
    name,
    "doesn't start as npy does; check that it is an npy file",
  );
  const major = bytes[6]!;
  demandNpy(major >= 1 && major <= 3, name, `is of version ${major}, where 1 to 3 are known; write it anew`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = major === 1 ? 10 : 12;
  demandNpy(bytes.length >= at, name, 'is cut short; get it again');
  const start = at + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  demandNpy(start <= bytes.length, name, 'is cut short within its header; get it again');
  const header = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.slice(at, start));

  const { descr, fortran, shape } = readHeader(header, name);
  const count = shape.length <= MOST_DIMENSIONS ? elementsOf(shape) : undefined;
  demandNpy(count !== undefined, name, `has the shape (${shown(shape.join())}), which no file can have`);
  return { descr, fortran, shape, start };
}

interface Header {
  descr: string;
  fortran: boolean;
  shape: number[];
}

/** A key and its value: a text, True or False, whole numbers in parentheses (Python 2 wrote 3L). */
const entry = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\dL,\s]*)\))\s*(?:,|(?=\}))/y;

function readHeader(text: string, name: string): Header {
  const found: Partial<Header> = {};
  const start = /^\s*\{/.exec(text)?.[0].length;
  demandNpy(
    start !== undefined,
    name,
    `has the header ${shown(text)}, which is no dictionary; write it anew`,
  );
  entry.lastIndex = start;
  for (;;) {
    const at = entry.lastIndex;
    if (/^\s*\}\s*$/.test(text.slice(at))) break;
    const match = entry.exec(text);
    if (!match && /^\s*['"]descr['"]\s*:\s*\[/.test(text.slice(at)))
      throw badNpy(name, 'has records of several fields; save each field as an array of its own');
    demandNpy(
      match !== null,
      name,
      `has a header that can't be read at ${shown(text.slice(at))}; write it anew`,
    );
    const [, , key, , quoted, truth, tuple] = match;
    if (key === 'descr' && quoted !== undefined) found.descr = quoted;
    else if (key === 'fortran_order' && truth) found.fortran = truth === 'True';
    else if (key === 'shape' && tuple !== undefined)
      found.shape = tuple
        .split(',')
        .flatMap((n) => (n.trim() === '' ? [] : [Number(n.replace(/L\s*$/, ''))]));
    else throw badNpy(name, `has a header with a strange ${key}; write it anew`);
  }
  const { descr, fortran, shape } = found;
  demandNpy(
    descr !== undefined && fortran !== undefined && shape !== undefined,
    name,
    'has a header without descr, fortran_order or shape; write it anew',
  );
  return { descr, fortran, shape };
}

/** Elements stored with the first index running fastest, in row-major order. */
function turned<A extends NumericArray['data'] | readonly string[]>(data: A, shape: readonly number[]): A {
  const out = data.slice() as unknown as { [index: number]: unknown };
  const strides = shape.map((_, k) => shape.slice(0, k).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  for (let i = 0, from = 0; i < data.length; i++) {
    out[i] = data[from];
    for (let k = shape.length - 1; k >= 0; k--) {
      from += strides[k]!;
      if (++index[k]! < shape[k]!) break;
      from -= strides[k]! * shape[k]!;
      index[k] = 0;
    }
  }
  return out as unknown as A;
}

const descriptions: Readonly<Record<string, string>> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
};

/** Writes an array of numbers as NumPy does, version 1. @throws DistillError 'bad-argument' */
export function encodeNpy(array: NumericArray): Bytes {
  const { shape, data } = Object(array) as NumericArray;
  const descr = descriptions[brandOf(data)];
  demand(
    descr !== undefined,
    () => `npy takes { shape, data } with a typed array as data, not ${shown(data)}`,
  );
  demand(
    Array.isArray(shape) && elementsOf(shape) === data.length,
    () => `${data.length} numbers aren't an array of shape [${shape}]`,
  );
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // With its newline the header ends at a multiple of 64.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const file = new Uint8Array(start + data.byteLength);
  file.set([...magic, 1, 0, (start - 10) & 255, (start - 10) >>> 8]);
  file.set(new TextEncoder().encode(header.padEnd(start - 11)), 10);
  file[start - 1] = 0x0a;
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
}

export function badNpy(name: string, found: string): DistillError {
  return new DistillError('bad-file', `${name}: the npy file ${found}`);
}

function demandNpy(condition: boolean, name: string, found: string): asserts condition {
  if (!condition) throw badNpy(name, found);
}
