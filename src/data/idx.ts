import { checkArray } from '../checks.js';
import { DistillError } from '../errors.js';

/** The largest file that `readIdx` unpacks, in bytes: a gzip of 1 MiB can stand for a gibibyte of zeros. */
const maxUnpacked = 2 ** 30;

/** Deflate can't compress further than this (258 bytes into 2 bits), so a larger claim is a lie. */
const maxDeflateRatio = 1032;

/** Bytes passed to the decompressor at a time. */
const chunkSize = 2 ** 16;

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
 * Like `parseIdx`, but first unpacks what starts with gzip's 1f 8b (one member, 1 GiB unpacked at most).
 *
 * Rejects with `bad-file`, or with `missing` for gzip on a host without `DecompressionStream`.
 */
export async function readIdx(bytes: Uint8Array, name: string): Promise<ByteArray> {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseIdx(packed ? await gunzip(bytes, name) : bytes, name);
}

/**
 * Unpacks one gzip member. Its last 4 bytes give the unpacked size (RFC 1952), so that is what gets allocated: a file
 * that unpacks to any other size is refused, however much more it would write.
 */
async function gunzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') {
    throw new DistillError(
      'missing',
      `${name}: it is gzip and this host has no DecompressionStream; unpack the file first`,
    );
  }
  // 18 bytes: the header (10), CRC-32 (4) and size (4).
  if (bytes.length < 18) {
    throw badGzip(name, `has ${bytes.length} bytes where gzip needs at least 18`);
  }
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  if (size > bytes.length * maxDeflateRatio) {
    throw badGzip(name, `ends with an unpacked size of ${size}, which ${bytes.length} bytes can't unpack to`);
  }
  if (size > maxUnpacked) {
    throw badGzip(name, `ends with an unpacked size of ${size} where at most ${maxUnpacked} are read`);
  }

  const unpacked = new Uint8Array(size);
  let filled = 0;
  const reader = chunks(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  for (;;) {
    const chunk = await reader.read().catch((cause: unknown) => {
      throw badGzip(name, `can't be unpacked (${messageOf(cause)})`, { cause });
    });
    if (chunk.done) break;
    if (filled + chunk.value.length > size) {
      // The decompressor may fail while it is being stopped; what matters to the caller is thrown below.
      await reader.cancel().catch(() => undefined);
      throw badGzip(name, `unpacks to more than the ${size} bytes that it ends by declaring`);
    }
    unpacked.set(chunk.value, filled);
    filled += chunk.value.length;
  }
  if (filled !== size) {
    throw badGzip(name, `unpacks to ${filled} bytes where it ends by declaring ${size}`);
  }
  return unpacked;
}

/** `bytes` as a stream of copies, because a stream may take its chunks' buffers away and won't take shared ones. */
function chunks(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + chunkSize)));
      at += chunkSize;
      if (at >= bytes.length) controller.close();
    },
  });
}

function badIdx(name: string, found: string, advice: string): DistillError {
  return new DistillError('bad-file', `${name}: the IDX file ${found}; ${advice}`);
}

function badGzip(name: string, found: string, options?: ErrorOptions): DistillError {
  return new DistillError('bad-file', `${name}: the gzip file ${found}; get or pack it again`, options);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
