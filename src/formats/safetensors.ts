/**
 * Safetensors: named arrays in one file (https://github.com/huggingface/safetensors, "Format").
 *
 *     u64 little-endian  N, at most 100,000,000
 *     N bytes            UTF-8 JSON, spaces after it so that the data start at a multiple of 8:
 *                        {"__metadata__": {key: string, …}, name: {"dtype", "shape", "data_offsets": [begin, end]}, …}
 *     the rest           the data, little-endian and row-major, which the tensors cover without gap or overlap
 */
import type { Bytes } from '../arrays.js';
import { brandOf, checkArray, checkList } from '../checks.js';
import { DistillError } from '../errors.js';
import {
  badFile,
  badHeader,
  hasLoneSurrogate,
  quote,
  type Reader,
  readIntegers,
  readObject,
  readString,
} from './safetensors-header.js';

/** One array. `bytes.length` is the product of `shape` (1 for []) times the size of a `dtype` element, which is 4 or 6 bits in some. */
export interface NamedTensor {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** Little-endian elements in row-major order. */
  bytes: Uint8Array;
}

const maxHeader = 100_000_000;
const metadataKey = '__metadata__';

/** Bits of an element, in the order of the Rust library's enum, which its writer sorts by. */
const elementBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

type Dtype = keyof typeof elementBits;

const dtypes = Object.keys(elementBits) as readonly Dtype[];

function isNamedTensor(value: unknown): boolean {
  const { name, shape, bytes } = Object(value) as Partial<NamedTensor>;
  return typeof name === 'string' && Array.isArray(shape) && brandOf(bytes) === 'Uint8Array';
}

/**
 * Writes a file, the same bytes for the same arguments whatever the order of `tensors`, laid out as the
 * Rust and Python libraries do: widest elements first, so that each array is aligned to its element size,
 * then by dtype and name. Metadata keys keep the order of `Object.keys`; without keys none is written.
 *
 * Throws `bad-argument` for names given twice or reserved, and sizes that don't match.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Bytes {
  checkList(tensors, 'what is encoded', 'tensors with name, dtype, shape and bytes', isNamedTensor);
  const sorted = [...tensors].sort(
    (a, b) => dtypes.indexOf(b.dtype) - dtypes.indexOf(a.dtype) || compareUtf8(a.name, b.name),
  );
  const fields: string[] = [];
  const entries = Object.entries(metadata).map(([key, value]) => `${toJson(key)}:${toJson(value)}`);
  if (entries.length > 0) fields.push(`"${metadataKey}":{${entries.join(',')}}`);

  let end = 0;
  const names = new Set([metadataKey]);
  for (const { name, dtype, shape, bytes } of sorted) {
    const size = byteSize(dtype, shape);
    if (size !== bytes.length) {
      throw badTensor(name, `has ${bytes.length} bytes, which isn't ${dtype} of shape [${shape}]`);
    }
    if (names.has(name)) throw badTensor(name, 'has a name that is reserved or used twice');
    names.add(name);
    const begin = end;
    end += size;
    fields.push(`${toJson(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }

  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const start = 8 + Math.ceil(header.length / 8) * 8;
  if (start - 8 > maxHeader) {
    throw new DistillError(
      'bad-argument',
      `a safetensors header would have ${start - 8} bytes where ${maxHeader} are allowed; write fewer tensors or less metadata`,
    );
  }
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, start - 8, true);
  file.set(header, 8);
  file.fill(0x20, 8 + header.length, start);
  let at = start;
  for (const { bytes } of sorted) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * Reads a file. The tensors come in the header's order, with `bytes` that are views of the file's;
 * `metadata` has no prototype, so any key is safe to look up. Unknown dtypes and fields are refused, since
 * to ignore them would be to misread the numbers.
 *
 * `name` is the file's name, for messages. Throws `bad-file`.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name: string,
): { tensors: Map<string, NamedTensor>; metadata: Record<string, string> } {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const start = dataStart(bytes, name);
  const reader: Reader = {
    text: headerText(new Uint8Array(bytes.subarray(8, start)), name),
    at: 0,
    file: name,
  };
  const metadata: Record<string, string> = Object.create(null);
  const entries: Entry[] = [];
  readObject(reader, (key) => {
    if (key !== metadataKey) entries.push(readEntry(reader, key));
    else
      readObject(reader, (field) => {
        metadata[field] = readString(reader);
      });
  });
  if (/[^ ]/.test(reader.text.slice(reader.at))) throw badHeader(reader, 'only spaces up to the data');

  checkCover(entries, bytes.length - start, name);
  const tensors = new Map<string, NamedTensor>();
  // Not subarray: a Node Buffer's is another Buffer, whose slice doesn't copy as a Uint8Array's does.
  const origin = bytes.byteOffset + start;
  for (const { begin, end, ...tensor } of entries) {
    tensors.set(tensor.name, { ...tensor, bytes: new Uint8Array(bytes.buffer, origin + begin, end - begin) });
  }
  return { tensors, metadata };
}

/** An F32 tensor whose bytes are a view of `values`. Throws `bad-argument` unless `shape` holds them all. */
export function f32Tensor(name: string, shape: readonly number[], values: Float32Array): NamedTensor {
  if (byteSize('F32', shape) !== values.byteLength) {
    throw badTensor(name, `has ${values.length} values, which the shape [${shape}] doesn't hold`);
  }
  return {
    name,
    dtype: 'F32',
    shape: [...shape],
    // In host order, which is the file's: this library is for little-endian hosts.
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

/**
 * The values of an F32 tensor: a view of its bytes where they are aligned to 4, else a copy.
 *
 * Throws `bad-file` for another dtype, a length that doesn't match the shape, NaN and infinity.
 */
export function asFloat32(tensor: NamedTensor, fileName: string): Float32Array {
  const { name, dtype, shape, bytes } = tensor;
  if (dtype !== 'F32') {
    throw badFile(fileName, `tensor ${quote(name)} is ${dtype} where F32 is needed`, 'convert it to F32');
  }
  if (byteSize(dtype, shape) !== bytes.length) {
    throw badFile(
      fileName,
      `tensor ${quote(name)} has ${bytes.length} bytes, which isn't F32 of shape [${shape}]`,
      'write it again',
    );
  }
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const values = new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw badFile(
      fileName,
      `tensor ${quote(name)} has ${values[bad]} at index ${bad}`,
      'take weights from before training diverged',
    );
  }
  return values;
}

/** Where the data start: after the length and a header that lies within the file and may be an object. */
function dataStart(bytes: Uint8Array, name: string): number {
  if (bytes.length < 8) {
    throw badFile(name, `the file has ${bytes.length} bytes where safetensors starts with a length of 8`);
  }
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > maxHeader) {
    throw badFile(
      name,
      `its first 8 bytes declare a header of ${declared} bytes where ${maxHeader} are allowed`,
    );
  }
  const length = Number(declared);
  if (length > bytes.length - 8) {
    throw badFile(name, `the header should have ${length} bytes and ${bytes.length - 8} follow its length`);
  }
  if (length === 0 || bytes[8] !== 0x7b) {
    throw badFile(name, `the header of ${length} bytes doesn't start with {`);
  }
  return 8 + length;
}

/** Takes a copy of the header, since browsers don't decode shared memory. */
function headerText(header: Bytes, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(header);
  } catch (cause) {
    throw badFile(name, "the header isn't valid UTF-8", undefined, { cause });
  }
}

interface Entry extends Omit<NamedTensor, 'bytes'> {
  /** Byte offsets from the start of the data. */
  begin: number;
  end: number;
}

/** Checks that the entries, in whatever order, cover the data once: no gap, no overlap, nothing left over. */
function checkCover(entries: readonly Entry[], length: number, file: string): void {
  let covered = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, dtype, shape, begin, end } = entry;
    const size = byteSize(dtype, shape);
    if (size === undefined || end - begin !== size) {
      throw badFile(
        file,
        `tensor ${quote(name)} has data_offsets [${begin}, ${end}] where ${dtype} of shape ` +
          `${quote(`[${shape}]`)} needs ${size ?? 'more than 2^53'} bytes`,
      );
    }
    if (begin !== covered) {
      const what = begin < covered ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw badFile(
        file,
        `tensor ${quote(name)} starts at data offset ${begin} and ${what}, up to ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== length) {
    throw badFile(
      file,
      `the tensors cover ${covered} bytes and ${length} bytes of data are there`,
      covered > length ? 'it was cut short, get it again' : undefined,
    );
  }
}

/** Bytes that a tensor takes, no whole number where elements are narrower and too few; undefined if the shape is invalid or its size isn't a safe integer. */
export function byteSize(dtype: Dtype, shape: readonly number[]): number | undefined {
  if (!Object.hasOwn(elementBits, dtype)) return undefined;
  let bits: number = elementBits[dtype];
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) return undefined;
    bits *= length;
    // Checked at each step, as the Rust library does: a later 0 doesn't excuse an overflow.
    if (!Number.isSafeInteger(bits)) return undefined;
  }
  return bits / 8;
}

function readEntry(reader: Reader, name: string): Entry {
  let dtype: Dtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  readObject(reader, (field) => {
    if (field === 'dtype') dtype = readDtype(reader);
    else if (field === 'shape') shape = readIntegers(reader);
    else if (field === 'data_offsets') offsets = readIntegers(reader);
    else throw badHeader(reader, `no field ${quote(field)}`);
  });
  if (!dtype || !shape || offsets?.length !== 2) {
    throw badHeader(reader, `dtype, shape and two data_offsets for tensor ${quote(name)}`);
  }
  return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! };
}

function readDtype(reader: Reader): Dtype {
  const dtype = readString(reader);
  if (!Object.hasOwn(elementBits, dtype)) {
    throw badHeader(reader, `a dtype among ${dtypes.join(' ')}, not ${quote(dtype)}`);
  }
  return dtype as Dtype;
}

function toJson(text: string): string {
  if (typeof text !== 'string' || hasLoneSurrogate(text)) {
    throw new DistillError(
      'bad-argument',
      `${quote(String(text))} can't be written to safetensors; give names and metadata that are strings of whole characters`,
    );
  }
  return JSON.stringify(text);
}

/** Orders strings by their UTF-8 bytes; JavaScript's < puts U+E000 to U+FFFF after all surrogate pairs. */
function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function badTensor(name: string, found: string): DistillError {
  return new DistillError('bad-argument', `tensor ${quote(name)} ${found}; correct it before writing`);
}
