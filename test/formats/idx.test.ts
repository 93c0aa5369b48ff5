import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistillError } from '#library/errors.js';
import { parseIdx, readIdx } from '#library/formats/idx.js';

/** A 2 × 3 array, written out by hand. */
const small = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

/** The error that `run` throws; fails if there is none or it isn't a DistillError. */
function fault(run: () => unknown): DistillError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    return error as DistillError;
  }
  throw new Error('nothing was thrown');
}

function asyncFault(promise: Promise<unknown>): Promise<DistillError> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(DistillError);
      return error as DistillError;
    },
  );
}

/** An IDX file of the shape, with `length` bytes after its header. */
function idx(shape: number[], length: number, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + length);
  const view = new DataView(bytes.buffer);
  bytes[2] = type;
  bytes[3] = shape.length;
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  return bytes;
}

/** gzip whose last 4 bytes, the unpacked size, are replaced. */
function withSize(packed: Uint8Array, size: number): Uint8Array {
  const copy = packed.slice();
  new DataView(copy.buffer).setUint32(copy.length - 4, size, true);
  return copy;
}

describe('parseIdx', () => {
  it('reads shape and elements as a view', () => {
    const { shape, data } = parseIdx(small, 'small');
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(data.buffer).toBe(small.buffer);
  });

  it('reads a file that lies inside a larger buffer', () => {
    const inside = new Uint8Array(small.length + 7);
    inside.set(small, 3);
    const { data } = parseIdx(inside.subarray(3, 3 + small.length), 'inside');
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(data.byteOffset).toBe(15);
  });

  it("gives a plain Uint8Array for one of Node's Buffers", () => {
    const { data } = parseIdx(Buffer.from(small), 'buffer');
    expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('reads what was written, for any shape of 1 to 4 dimensions', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 255 }), (shape, first) => {
        const size = shape.reduce((a, b) => a * b);
        const bytes = idx(shape, size);
        for (let i = 0; i < size; i++) bytes[bytes.length - size + i] = first + i;
        const array = parseIdx(bytes, 'any');
        expect(array.shape).toEqual(shape);
        expect([...array.data]).toEqual(Array.from({ length: size }, (_, i) => (first + i) & 255));
      }),
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['no byte', new Uint8Array(0), /has 0 bytes where the header alone needs 4/],
    ['3 bytes', Uint8Array.of(0, 0, 8), /has 3 bytes where the header alone needs 4/],
    ['another magic', Uint8Array.of(0x3c, 0x21, 8, 1), /starts with 3c 21 where IDX starts with 00 00/],
    ['magic wrong in its second byte', Uint8Array.of(0, 1, 8, 1), /starts with 00 01/],
    ['f32 elements', idx([1], 4, 13), /type 0d \(f32\) where 08 \(u8\)/],
    ['unknown elements', idx([1], 4, 10), /type 0a \(unknown\)/],
    ['no dimension', Uint8Array.of(0, 0, 8, 0, 7), /has 0 dimensions where 1 to 4/],
    ['5 dimensions', idx([1, 1, 1, 1, 1], 1), /has 5 dimensions where 1 to 4/],
    ['half a header', small.subarray(0, 11), /has 11 bytes where a header of 2 dimensions needs 12/],
    ['a size of 0', idx([2, 0], 0), /shape 2 × 0, which no file can have/],
    ['a product over 2^53', idx([2 ** 32 - 1, 2 ** 32 - 1], 5), /shape 4294967295 × 4294967295, which/],
    ['a product that overflows', idx(Array(4).fill(2 ** 32 - 1), 5), /which no file can have/],
    ['a large but possible size', idx([2 ** 31, 4], 5), /has 17 bytes where .* needs 8589934604; it was cut/],
    ['one byte too few', small.subarray(0, 17), /has 17 bytes where the shape 2 × 3 needs 18; it was cut/],
    ['one byte too many', Uint8Array.of(...small, 0), /has 19 bytes .* needs 18; remove what follows/],
  ])('refuses %s', (_, bytes, message) => {
    const error = fault(() => parseIdx(bytes, 'some-file'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^some-file: /);
  });

  it('throws nothing but DistillError for any bytes', () => {
    const header = fc.tuple(
      fc.constantFrom(0, 0, 1),
      fc.constantFrom(8, 8, 13),
      fc.integer({ max: 6, min: 0 }),
    );
    const almost = fc
      .tuple(header, fc.uint8Array({ maxLength: 40 }))
      .map(([[zero, type, dims], rest]) => Uint8Array.of(0, zero, type, dims, ...rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), almost), (bytes) => {
        try {
          const { shape, data } = parseIdx(bytes, 'random');
          expect(data.length).toBe(shape.reduce((a, b) => a * b));
        } catch (error) {
          expect(error).toBeInstanceOf(DistillError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readIdx', () => {
  it('reads plain and gzip alike, from shared memory too', async () => {
    const expected = parseIdx(small, 'small');
    expect(await readIdx(small, 'small')).toEqual(expected);
    const packed = gzipSync(small);
    expect(await readIdx(packed, 'small.gz')).toEqual(expected);
    const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    expect(await readIdx(shared, 'small.gz')).toEqual(expected);
  });

  it('unpacks a file of several chunks', async () => {
    const large = idx([300, 1000], 300_000);
    // Noise that gzip can't shrink, so that the packed file exceeds a chunk as well.
    for (let i = 12, state = 1; i < large.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      large[i] = state >>> 24;
    }
    const packed = gzipSync(large);
    expect(packed.length).toBeGreaterThan(2 * 65536);
    const { shape, data } = await readIdx(packed, 'large.gz');
    expect(shape).toEqual([300, 1000]);
    expect(Buffer.compare(data, large.subarray(12))).toBe(0);
  });

  it('refuses every truncation of a gzip file', async () => {
    const packed = gzipSync(small);
    for (let length = 2; length < packed.length; length++) {
      const error = await asyncFault(readIdx(packed.subarray(0, length), 'cut.gz'));
      expect(error.code).toBe('bad-file');
      expect(error.message).toMatch(/^cut\.gz: /);
    }
  });

  it('refuses a gzip file with a wrong checksum', async () => {
    const packed = gzipSync(small);
    packed[packed.length - 8]! ^= 1;
    const error = await asyncFault(readIdx(packed, 'flip.gz'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/^flip\.gz: the gzip file can't be unpacked/);
  });

  it('refuses a size that the packed bytes cannot reach', async () => {
    const error = await asyncFault(readIdx(withSize(gzipSync(small), 2 ** 30), 'lie.gz'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/unpacked size of 1073741824, which \d+ bytes can't unpack to/);
  });

  it('refuses more than 1 GiB before unpacking it', async () => {
    const huge = new Uint8Array(2 ** 21);
    huge.set([0x1f, 0x8b]);
    const error = await asyncFault(readIdx(withSize(huge, 2 ** 30 + 1), 'huge.gz'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/unpacked size of 1073741825 where at most 1073741824 are read/);
  });

  it('refuses a size that lies', async () => {
    const bomb = gzipSync(new Uint8Array(2 ** 24));
    for (const size of [100, 2 ** 24 + 1]) {
      const error = await asyncFault(readIdx(withSize(bomb, size), 'bomb.gz'));
      expect(error.code).toBe('bad-file');
      expect(error.message).toContain(`unpacks to 16777216 bytes where it ends by declaring ${size}`);
    }
  });

  it('refuses junk after the gzip member', async () => {
    const packed = gzipSync(small);
    const error = await asyncFault(readIdx(Uint8Array.of(...packed, 1, 2, 3, 0), 'junk.gz'));
    expect(error.code).toBe('bad-file');
  });

  it('refuses gzip of what is not IDX', async () => {
    const error = await asyncFault(readIdx(gzipSync(Buffer.from('hello')), 'hello.gz'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/starts with 68 65 where IDX starts with 00 00/);
  });

  it('rejects with nothing but DistillError for mutated gzip', async () => {
    const packed = gzipSync(small);
    const byte = fc.integer({ min: 0, max: 255 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: packed.length - 1 }), byte, async (at, value) => {
        const mutated = packed.slice();
        mutated[at] = value;
        try {
          const { data } = await readIdx(mutated, 'mutated.gz');
          // Only the header's flags, time and system may change without harm.
          expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
        } catch (error) {
          expect(error).toBeInstanceOf(DistillError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
