import { checkArray } from '../checks.js';
import { DistillError } from '../errors.js';
import { gunzip, isGzip } from './gzip.js';

/** Element types of IDX, from http://yann.lecun.com/exdb/mnist/; this library reads the first. */
const elementTypes: Readonly<Record<number, string>> = {
  8: 'u8',
  9: 'i8',
  11: 'i16',
  12: 'i32',
  13: 'f32',
  14: 'f64',
};

/** An array of bytes in row-major order: `data.length` is the product of `shape`. */
export interface ByteArray {
  shape: number[];
  data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes with 1 to 4 dimensions, each at least 1. `data` is a view of `bytes`.
 *
 * Layout: 00 00, element type (08 = u8), number of dimensions, each size as u32 big-endian, the elements.
 * `name` is the file's name, for messages. Throws `bad-file`.
 */
export function parseIdx(bytes: Uint8Array, name: string): ByteArray {
  if (bytes.length < 4) {
    throw badIdx(name, `has ${bytes.length} bytes where the header alone needs 4`, 'get the file again');
  }
  const [zero0, zero1, type, dims] = [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
  if (zero0 !== 0 || zero1 !== 0) {
    throw badIdx(
      name,
      `starts with ${hex(zero0)} ${hex(zero1)} where IDX starts with 00 00`,
      'give an IDX file such as those of MNIST',
    );
  }
  if (type !== 8) {
    throw badIdx(
      name,
      `has elements of type ${hex(type)} (${elementTypes[type] ?? 'unknown'}) where 08 (u8) is needed`,
      'convert it to unsigned bytes',
    );
  }
  if (dims < 1 || dims > 4) {
    throw badIdx(name, `has ${dims} dimensions where 1 to 4 are expected`, 'check that it is an IDX file');
  }
  const start = 4 + 4 * dims;
  if (bytes.length < start) {
    throw badIdx(
      name,
      `has ${bytes.length} bytes where a header of ${dims} dimensions needs ${start}`,
      'get the file again',
    );
  }

  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: dims }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.includes(0) || !Number.isSafeInteger(size)) {
    throw badIdx(
      name,
      `declares the shape ${shape.join(' × ')}, which no file can have`,
      'check that it is an IDX file',
    );
  }
  if (bytes.length !== start + size) {
    throw badIdx(
      name,
      `has ${bytes.length} bytes where the shape ${shape.join(' × ')} needs ${start + size}`,
      bytes.length < start + size ? 'it was cut short, get it again' : 'remove what follows the array',
    );
  }
  // Not subarray: a Node Buffer's is another Buffer, whose slice doesn't copy as a Uint8Array's does.
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, size) };
}

/**
 * Like `parseIdx`, but first unpacks what starts with gzip's 1f 8b (1 GiB unpacked at most).
 *
 * Rejects with `bad-file`.
 */
export async function readIdx(bytes: Uint8Array, name: string): Promise<ByteArray> {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  return parseIdx(isGzip(bytes) ? gunzip(bytes, name) : bytes, name);
}

function badIdx(name: string, found: string, advice: string): DistillError {
  return new DistillError('bad-file', `${name}: the IDX file ${found}; ${advice}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
