import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistillError } from '#library/errors.js';
import {
  asFloat32,
  decodeSafetensors,
  encodeSafetensors,
  f32Tensor,
  type NamedTensor,
} from '#library/formats/safetensors.js';

const utf8 = new TextEncoder();

/** A file of the header's bytes or text, as they are, and `dataLength` bytes of data. */
function file(header: string | Uint8Array, dataLength = 0, declared?: bigint): Uint8Array {
  const bytes = typeof header === 'string' ? utf8.encode(header) : header;
  const whole = new Uint8Array(8 + bytes.length + dataLength);
  new DataView(whole.buffer).setBigUint64(0, declared ?? BigInt(bytes.length), true);
  whole.set(bytes, 8);
  return whole;
}

function caught(run: () => unknown): DistillError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    return error as DistillError;
  }
  throw new Error('nothing was thrown');
}

function u8(name: string, ...values: number[]): NamedTensor {
  return { name, dtype: 'U8', shape: [values.length], bytes: Uint8Array.from(values) };
}

/** Bytes that four elements take. */
const bytesOfFour: Record<NamedTensor['dtype'], number> = {
  BOOL: 4,
  F4: 2,
  F6_E2M3: 3,
  F6_E3M2: 3,
  U8: 4,
  I8: 4,
  F8_E5M2: 4,
  F8_E4M3: 4,
  F8_E8M0: 4,
  I16: 8,
  U16: 8,
  F16: 8,
  BF16: 8,
  I32: 16,
  U32: 16,
  F32: 16,
  C64: 32,
  F64: 32,
  I64: 32,
  U64: 32,
};

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '',
    '"',
    '\\',
    '\n\u0001\u007f',
    'é',
    '\ue000',
    '😀',
  ),
);

const tensor: fc.Arbitrary<NamedTensor> = fc
  .record({
    name: text,
    dtype: fc.constantFrom(...(Object.keys(bytesOfFour) as NamedTensor['dtype'][])),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  })
  .chain(({ name, dtype, shape: outer }) => {
    // Fours fill whole bytes whatever the type.
    const shape = bytesOfFour[dtype] < 4 ? [...outer, 4] : outer;
    const length = (shape.reduce((a, b) => a * b, 1) * bytesOfFour[dtype]) / 4;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ name, dtype, shape, bytes }));
  });

const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });
// With a null prototype, like what is decoded, so that "__proto__" is a key like any other.
const metadata = fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: false });

describe('the layout', () => {
  // Written by hand from the format's description: 8 bytes of length, 144 of JSON and spaces, 14 of data.
  const expected = [
    ...[0x90, 0, 0, 0, 0, 0, 0, 0],
    ...utf8.encode('{"__metadata__":{"b":"1","a":"é"},'),
    ...utf8.encode('"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},'),
    ...utf8.encode('"a":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}'),
    ...[0x20],
    // 1.5 = 0x3fc00000, -2 = 0xc0000000
    ...[0x00, 0x00, 0xc0, 0x3f, 0x00, 0x00, 0x00, 0xc0],
    ...[7, 8, 9],
  ];

  it('is byte for byte what the format describes', () => {
    const written = encodeSafetensors([u8('a', 7, 8, 9), f32Tensor('w', [1, 2], Float32Array.of(1.5, -2))], {
      b: '1',
      a: 'é',
    });
    expect([...written]).toEqual(expected);
  });

  it('is read back', () => {
    const { tensors, metadata } = decodeSafetensors(Uint8Array.from(expected), 'hand');
    expect([...tensors.keys()]).toEqual(['w', 'a']);
    expect(asFloat32(tensors.get('w')!, 'hand')).toEqual(Float32Array.of(1.5, -2));
    expect(tensors.get('a')).toEqual(u8('a', 7, 8, 9));
    expect(Object.entries(metadata)).toEqual([
      ['b', '1'],
      ['a', 'é'],
    ]);
  });

  it('is that of an empty file where there is nothing to write', () => {
    const expected = [8, 0, 0, 0, 0, 0, 0, 0, ...utf8.encode('{}      ')];
    expect([...encodeSafetensors([])]).toEqual(expected);
    expect([...encodeSafetensors([], {})]).toEqual(expected);
    const { tensors, metadata } = decodeSafetensors(Uint8Array.from(expected), 'empty');
    expect([tensors.size, Object.keys(metadata).length]).toEqual([0, 0]);
  });

  it('orders by dtype as the Rust library does, then by the UTF-8 of the name', () => {
    const names = Object.keys(bytesOfFour);
    const mixed = names.map((dtype) => ({
      name: dtype,
      dtype: dtype as NamedTensor['dtype'],
      shape: [4],
      bytes: new Uint8Array(bytesOfFour[dtype as NamedTensor['dtype']]),
    }));
    const read = decodeSafetensors(encodeSafetensors(mixed), 'mixed');
    expect([...read.tensors.keys()]).toEqual(names.reverse());

    const named = ['b', '😀', '\uffee', 'a', 'B', 'aa', ''].map((name) => u8(name, 1));
    const sorted = [...decodeSafetensors(encodeSafetensors(named), 'named').tensors.keys()];
    expect(sorted).toEqual(['', 'B', 'a', 'aa', 'b', '\uffee', '😀']);
  });
});

describe('encodeSafetensors', () => {
  it('writes what decodeSafetensors reads, in any order of tensors the same bytes', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, notes) => {
        const bytes = encodeSafetensors(list, notes);
        expect(encodeSafetensors([...list].reverse(), notes)).toEqual(bytes);
        const headerLength = new DataView(bytes.buffer).getUint32(0, true);
        expect(headerLength % 8).toBe(0);

        const read = decodeSafetensors(bytes, 'round trip');
        expect(read.tensors.size).toBe(list.length);
        for (const one of list) {
          const back = read.tensors.get(one.name)!;
          expect(back).toEqual(one);
          expect((back.bytes.byteOffset - 8 - headerLength) % Math.ceil(bytesOfFour[one.dtype] / 4)).toBe(0);
        }
        expect(Object.entries(read.metadata)).toEqual(Object.entries(notes));
        expect(encodeSafetensors([...read.tensors.values()], read.metadata)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('writes a header that JSON.parse reads the same', () => {
    fc.assert(
      fc.property(tensors, (list) => {
        const bytes = encodeSafetensors(list);
        const length = new DataView(bytes.buffer).getUint32(0, true);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
        expect(Object.keys(header).sort()).toEqual(list.map(({ name }) => name).sort());
        for (const { name, dtype, shape, bytes: data } of list) {
          const [begin, end] = header[name].data_offsets;
          expect([header[name].dtype, header[name].shape]).toEqual([dtype, shape]);
          expect(bytes.subarray(8 + length + begin, 8 + length + end)).toEqual(data);
        }
      }),
    );
  });

  it.each<[string, NamedTensor[], Record<string, string>, RegExp]>([
    ['a name used twice', [u8('a', 1), u8('a', 2)], {}, /"a" has a name that is reserved or used twice/],
    ['the reserved name', [u8('__metadata__', 1)], {}, /reserved/],
    ['too few bytes', [{ ...u8('a', 1), shape: [2] }], {}, /has 1 bytes, which isn't U8 of shape \[2\]/],
    ['bytes of another dtype', [{ ...u8('a', 1, 2, 3), dtype: 'F16' }], {}, /isn't F16/],
    ['an unknown dtype', [{ ...u8('a', 1), dtype: 'F8' as 'F16' }], {}, /isn't F8/],
    ['a negative size', [{ ...u8('a', 1), shape: [-1, -1] }], {}, /isn't U8 of shape \[-1,-1\]/],
    ['a broken size', [{ ...u8('a', 1), shape: [0.5, 2] }], {}, /isn't U8 of shape \[0.5,2\]/],
    ['a size beyond counting', [{ ...u8('a'), shape: [2 ** 52, 2, 0] }], {}, /isn't U8/],
    ['half a character in a name', [u8('\ud83d', 1)], {}, /can't be written/],
    ['half a character in metadata', [], { a: '\ude00' }, /can't be written/],
    ['metadata that is no string', [], { a: 1 as unknown as string }, /"1" can't be written/],
    ['a header over 100 MB', [], { a: '\u0001'.repeat(17_000_000) }, /header would have 102000\d\d\d bytes/],
  ])('refuses %s', (_, list, notes, message) => {
    const error = caught(() => encodeSafetensors(list, notes));
    expect(error.code).toBe('bad-argument');
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('decodeSafetensors accepts', () => {
  it('what other writers may write: spaces, escapes, any field order, any tensor order, no alignment', () => {
    const header =
      '{ "b" :\t{"data_offsets":[1, 5],\n"shape":[ ] , "dtype":"F32"},\r\n' +
      '"\\u0061\\/":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}, "__metadata__":{}}   ';
    const { tensors } = decodeSafetensors(file(header, 5), 'other');
    expect([...tensors.keys()]).toEqual(['b', 'a/']);
    expect(tensors.get('b')).toMatchObject({ dtype: 'F32', shape: [], bytes: new Uint8Array(4) });
    expect([...asFloat32(tensors.get('b')!, 'other')]).toEqual([0]);
  });

  it('empty tensors, alone and beside others', () => {
    const alone = file('{"e":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}');
    expect(decodeSafetensors(alone, 'alone').tensors.get('e')!.bytes.length).toBe(0);
    const huge = file('{"e":{"dtype":"F32","shape":[0,9007199254740991],"data_offsets":[0,0]}}');
    expect(decodeSafetensors(huge, 'huge').tensors.get('e')!.shape).toEqual([0, 2 ** 53 - 1]);
    const beside = file(
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"e":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},' +
        '"z":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}',
      4,
    );
    expect(decodeSafetensors(beside, 'beside').tensors.size).toBe(3);
  });

  it('a file inside a larger or shared buffer, giving views', () => {
    const bytes = encodeSafetensors([u8('a', 1, 2, 3)]);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 3)).subarray(3);
    shared.set(bytes);
    const read = decodeSafetensors(shared, 'shared').tensors.get('a')!;
    expect([...read.bytes]).toEqual([1, 2, 3]);
    expect(read.bytes.buffer).toBe(shared.buffer);
  });

  it("Node's Buffers, giving plain Uint8Arrays, misaligned ones too", () => {
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.padEnd(64);
    for (const offset of [0, 1, 2, 3]) {
      const whole = Buffer.alloc(8 + 64 + 4 + offset).subarray(offset);
      whole.set(file(header, 4));
      whole.writeFloatLE(1.5, 72);
      const read = decodeSafetensors(whole, 'buffer').tensors.get('a')!;
      expect(Object.getPrototypeOf(read.bytes)).toBe(Uint8Array.prototype);
      expect([...asFloat32(read, 'buffer')]).toEqual([1.5]);
      // Made by hand, a tensor may hold a Buffer after all.
      const bytes = whole.subarray(72);
      expect([...asFloat32({ ...read, bytes }, 'buffer')]).toEqual([1.5]);
    }
  });

  it('keys named like properties of objects, which then pollute nothing', () => {
    const header =
      '{"__metadata__":{"__proto__":"polluted","constructor":"c"},' +
      '"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const { tensors, metadata } = decodeSafetensors(file(header, 1), 'proto');
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'c'],
    ]);
    expect(Object.getPrototypeOf(metadata)).toBe(null);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('decodeSafetensors refuses', () => {
  const entry = '{"dtype":"U8","shape":[2],"data_offsets":[0,2]}';
  const invalidUtf8 = (...bad: number[]) =>
    Uint8Array.of(...utf8.encode('{"'), ...bad, ...utf8.encode(`":${entry}}`));
  const field = (body: string) => `{"a":{${body}}}`;

  const attacks: [string, Uint8Array, RegExp][] = [
    // The length and the header's bounds
    ['an empty file', new Uint8Array(0), /has 0 bytes where/],
    ['less than a length', new Uint8Array(7), /has 7 bytes where/],
    ['a header of no bytes', file(''), /header of 0 bytes doesn't start with \{/],
    ['a header of no bytes before a brace', file('', 2).fill(0x7b, 8), /header of 0 bytes doesn't start/],
    ['a header that ends after the file', file('{}', 0, 3n), /should have 3 bytes and 2 follow/],
    [
      'a header of 100,000,000 bytes that are not there',
      file('{}', 0, 100_000_000n),
      /should have 100000000 bytes/,
    ],
    [
      'a header over 100,000,000 bytes',
      file('{}', 0, 100_000_001n),
      /100000001 bytes where 100000000 are allowed/,
    ],
    ['a length of 2^63', file('{}', 0, 2n ** 63n), /9223372036854775808 bytes where/],
    ['a length that overflows when 8 is added', file('{}', 0, 2n ** 64n - 1n), /where 100000000 are allowed/],
    ['a length whose low half is small', file('{}', 0, 2n ** 32n + 2n), /where 100000000 are allowed/],
    ['a length that leaves out a brace', file('{}', 0, 1n), /has to have a " at character 1/],

    // UTF-8
    ['bytes that are never UTF-8', file(invalidUtf8(0xff), 2), /isn't valid UTF-8/],
    ['an overlong encoding', file(invalidUtf8(0xc0, 0xaf), 2), /isn't valid UTF-8/],
    ['a surrogate in UTF-8', file(invalidUtf8(0xed, 0xa0, 0x80), 2), /isn't valid UTF-8/],
    ['a character cut off by the end', file(Uint8Array.of(0x7b, 0x7d, 0xe2, 0x82)), /isn't valid UTF-8/],
    ['a byte order mark', file(`\ufeff{"a":${entry}}`, 2), /doesn't start with \{/],

    // JSON
    ['a space before the brace', file(` {"a":${entry}}`, 2), /doesn't start with \{/],
    ['an array', file('[]'), /doesn't start with \{/],
    ['a lone brace', file('{'), /has to have a "/],
    ['no closing brace', file(`{"a":${entry}`, 2), /has to have a \}/],
    ['a trailing comma', file(`{"a":${entry},}`, 2), /has to have a "/],
    ['a missing comma', file(`{"a":${entry}"b":${entry}}`, 2), /has to have a \}/],
    ['a missing colon', file(`{"a"${entry}}`, 2), /has to have a :/],
    ['text after the object', file(`{"a":${entry}} x`, 2), /only spaces up to the data/],
    ['a second object', file(`{"a":${entry}}{}`, 2), /only spaces up to the data/],
    ['padding with zeros', file(`{"a":${entry}}\0\0`, 2), /only spaces up to the data/],
    ['padding with line ends', file(`{"a":${entry}}\n`, 2), /only spaces up to the data/],
    ['single quotes', file(`{'a':${entry}}`, 2), /has to have a "/],
    ['a comment', file(`{/**/"a":${entry}}`, 2), /has to have a "/],
    ['a string without end', file('{"a'), /the end of a string/],
    ['a string that ends in a backslash', file('{"a\\'), /the end of a string/],
    ['a bad escape', file(`{"\\x61":${entry}}`, 2), /a valid string/],
    ['a raw control character in a string', file(`{"a\n":${entry}}`, 2), /a valid string/],
    ['half a surrogate pair', file(`{"\\ud83d":${entry}}`, 2), /a valid string/],
    ['deep nesting', file(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`), /no field "a"/],
    ['deeply nested arrays', file(field(`"shape":${'['.repeat(200_000)}`)), /a whole number/],

    // Keys twice
    ['a tensor twice', file(`{"a":${entry},"a":${entry}}`, 2), /no second "a"/],
    ['a tensor twice, once escaped', file(`{"a":${entry},"\\u0061":${entry}}`, 2), /no second "a"/],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /no second "__metadata__"/],
    ['a key of metadata twice', file('{"__metadata__":{"k":"1","k":"2"}}'), /no second "k"/],
    ['__proto__ twice', file(`{"__proto__":${entry},"__proto__":${entry}}`, 2), /no second "__proto__"/],
    [
      'a field twice',
      file(field('"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]'), 2),
      /no second "dtype"/,
    ],

    // Fields missing, unknown or of another type
    ['no dtype', file(field('"shape":[2],"data_offsets":[0,2]'), 2), /dtype, shape and two data_offsets/],
    ['no shape', file(field('"dtype":"U8","data_offsets":[0,2]'), 2), /dtype, shape and two data_offsets/],
    ['no data_offsets', file(field('"dtype":"U8","shape":[2]'), 2), /dtype, shape and two data_offsets/],
    ['no field at all', file('{"a":{}}'), /dtype, shape and two data_offsets for tensor "a"/],
    ['fields that come from a prototype', file(field(`"__proto__":${entry}`), 2), /no field "__proto__"/],
    [
      'an unknown field',
      file(field('"scale":2,"dtype":"U8","shape":[2],"data_offsets":[0,2]'), 2),
      /no field "scale"/,
    ],
    ['one offset', file(field('"dtype":"U8","shape":[2],"data_offsets":[0]'), 2), /two data_offsets/],
    ['three offsets', file(field('"dtype":"U8","shape":[2],"data_offsets":[0,2,2]'), 2), /two data_offsets/],
    [
      'an unknown dtype',
      file(entry.replace('U8', 'F128').replace(/.*/, '{"a":$&}'), 2),
      /dtype among .*"F128"/,
    ],
    ['a dtype that is a property of objects', file(field('"dtype":"constructor"')), /dtype among/],
    ['a dtype in small letters', file(field('"dtype":"u8"')), /dtype among/],
    ['a dtype that is a number', file(field('"dtype":8')), /has to have a "/],
    ['a shape that is a number', file(field('"shape":2')), /has to have a \[/],
    ['a shape that is null', file(field('"shape":null')), /has to have a \[/],
    ['a size that is a string', file(field('"shape":["2"]')), /a whole number/],
    ['a negative size', file(field('"dtype":"U8","shape":[-2],"data_offsets":[0,2]'), 2), /a whole number/],
    [
      'a size with a point',
      file(field('"dtype":"U8","shape":[2.0],"data_offsets":[0,2]'), 2),
      /has to have a \]/,
    ],
    [
      'a size with an exponent',
      file(field('"dtype":"U8","shape":[2e0],"data_offsets":[0,2]'), 2),
      /has to have a \]/,
    ],
    [
      'a size with a leading zero',
      file(field('"dtype":"U8","shape":[02],"data_offsets":[0,2]'), 2),
      /a whole number/,
    ],
    ['a size of 2^53', file(field('"shape":[9007199254740992]')), /a whole number below 2\^53/],
    ['a size of 400 digits', file(field(`"shape":[${'9'.repeat(400)}]`)), /a whole number below 2\^53/],
    ['a negative offset', file(field('"dtype":"U8","shape":[2],"data_offsets":[-2,0]'), 2), /a whole number/],
    ['a tensor that is null', file('{"a":null}'), /has to have a \{/],
    ['a tensor that is an array', file('{"a":[]}'), /has to have a \{/],
    ['metadata that is null', file('{"__metadata__":null}'), /has to have a \{/],
    ['metadata that is a string', file('{"__metadata__":"x"}'), /has to have a \{/],
    ['metadata with a number', file('{"__metadata__":{"epoch":1}}'), /has to have a "/],
    ['metadata with an object', file('{"__metadata__":{"a":{}}}'), /has to have a "/],

    // Offsets and sizes
    [
      'a size that the offsets do not have',
      file(field('"dtype":"F32","shape":[2],"data_offsets":[0,7]'), 7),
      /data_offsets \[0, 7\] where F32 of shape "\[2\]" needs 8 bytes/,
    ],
    [
      'an end before its begin',
      file(field('"dtype":"U8","shape":[0],"data_offsets":[2,0]'), 2),
      /data_offsets \[2, 0\] where .* needs 0 bytes/,
    ],
    [
      'an empty tensor with bytes',
      file(field('"dtype":"F32","shape":[2,0],"data_offsets":[0,8]'), 8),
      /data_offsets \[0, 8\] where .* needs 0 bytes/,
    ],
    [
      'a scalar without bytes',
      file(field('"dtype":"F32","shape":[],"data_offsets":[0,0]')),
      /where F32 of shape "\[\]" needs 4 bytes/,
    ],
    [
      'a shape whose product overflows',
      file(field('"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]')),
      /needs more than 2\^53 bytes/,
    ],
    [
      'a shape whose product overflows before a 0',
      file(field('"dtype":"U8","shape":[9007199254740991,2,0],"data_offsets":[0,0]')),
      /needs more than 2\^53 bytes/,
    ],
    [
      'a shape that overflows only in bytes',
      file(field('"dtype":"F64","shape":[9007199254740991],"data_offsets":[0,0]')),
      /needs more than 2\^53 bytes/,
    ],
    [
      'offsets after the end of the file',
      file(field('"dtype":"U8","shape":[4],"data_offsets":[0,4]'), 2),
      /cover 4 bytes and 2 bytes of data are there; it was cut short/,
    ],
    [
      'a first tensor that starts late',
      file(field('"dtype":"U8","shape":[2],"data_offsets":[1,3]'), 3),
      /leaves a gap/,
    ],
    ['data that no tensor covers', file(`{"a":${entry}}`, 3), /cover 2 bytes and 3 bytes of data/],
    ['data without a tensor', file('{}', 1), /cover 0 bytes and 1 bytes of data/],
    [
      'a hole between tensors',
      file(`{"a":${entry},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}`, 4),
      /tensor "b" starts at data offset 3 and leaves a gap before it, up to 2/,
    ],
    [
      'tensors that overlap in part',
      file(`{"a":${entry},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3),
      /tensor "b" starts at data offset 1 and overlaps the tensor before it, up to 2/,
    ],
    ['tensors that share all their bytes', file(`{"a":${entry},"b":${entry}}`, 2), /"b" .* overlaps/],
    [
      'an empty tensor inside another',
      file(`{"a":${entry},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}`, 2),
      /"b" .* overlaps/,
    ],
  ];

  it.each(attacks)('%s', (_, bytes, message) => {
    const error = caught(() => decodeSafetensors(bytes, 'evil.safetensors'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^evil\.safetensors: [^\n]*; /);
    expect(error.message.length).toBeLessThan(400);
  });

  it('a long name in a short message', () => {
    const error = caught(() => decodeSafetensors(file(`{"${'x'.repeat(1_000_000)}":{}}`), 'long'));
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('decodeSafetensors on any bytes', () => {
  /** Decodes; whatever isn't refused with `bad-file` must be what a writer can write again. */
  function decodeOrRefuse(bytes: Uint8Array): boolean {
    let read: ReturnType<typeof decodeSafetensors>;
    try {
      read = decodeSafetensors(bytes, 'fuzz');
    } catch (error) {
      expect(error).toBeInstanceOf(DistillError);
      expect((error as DistillError).code).toBe('bad-file');
      return false;
    }
    const again = decodeSafetensors(encodeSafetensors([...read.tensors.values()], read.metadata), 'again');
    expect(new Map([...again.tensors].sort())).toEqual(new Map([...read.tensors].sort()));
    return true;
  }

  it('throws nothing but DistillError for random bytes and headers', () => {
    const pieces = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', '"', '\\', ' ', '0', '1', '-', '.', 'e', 'null', 'é'],
      ...['"dtype"', '"U8"', '"shape"', '"data_offsets"', '"__metadata__"', '"a"'],
    );
    const header = fc.array(pieces, { maxLength: 30 }).map((parts) => `{${parts.join('')}`);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          fc.tuple(header, fc.nat(4)).map(([json, length]) => file(json, length)),
        ),
        (bytes) => {
          decodeOrRefuse(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('throws nothing but DistillError for mutated files', () => {
    const edit = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('set', 'delete', 'insert', 'cut'),
      byte: fc.oneof(fc.constantFrom(...utf8.encode('{}[]:,"\\ 019')), fc.integer({ min: 0, max: 255 })),
    });
    fc.assert(
      fc.property(tensors, metadata, fc.array(edit, { minLength: 1, maxLength: 3 }), (list, notes, edits) => {
        const bytes = [...encodeSafetensors(list, notes)];
        for (const { at, kind, byte } of edits) {
          const place = at % Math.max(1, bytes.length);
          if (kind === 'set') bytes[place] = byte;
          else if (kind === 'delete') bytes.splice(place, 1);
          else if (kind === 'insert') bytes.splice(place, 0, byte);
          else bytes.length = place;
        }
        decodeOrRefuse(Uint8Array.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every truncation', () => {
    const bytes = encodeSafetensors([u8('a', 1, 2, 3), u8('b', 4)], { k: 'v' });
    expect(decodeOrRefuse(bytes)).toBe(true);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeOrRefuse(bytes.subarray(0, length))).toBe(false);
    }
  });

  it('takes time in proportion to the header', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => u8(`tensor.${i}`, i & 255));
    const bytes = encodeSafetensors(many);
    expect(decodeSafetensors(bytes, 'many').tensors.size).toBe(20_000);
    expect(decodeOrRefuse(file(`{"${'\\\\'.repeat(2_000_000)}`))).toBe(false);
  }, 5_000);
});

describe('f32Tensor and asFloat32', () => {
  it('give back the values without copying', () => {
    const values = Float32Array.of(0, -0, 1e-45, 3.4e38);
    const made = f32Tensor('v', [2, 2], values);
    expect(made.bytes.buffer).toBe(values.buffer);
    const back = asFloat32(made, 'f');
    expect(back).toEqual(values);
    expect(back.buffer).toBe(values.buffer);
  });

  it('view only the part of a buffer that is the tensor', () => {
    const part = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    expect([...asFloat32(f32Tensor('v', [2], part), 'f')]).toEqual([2, 3]);
  });

  it('copy where the bytes are misaligned', () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
    const back = asFloat32({ name: 'v', dtype: 'F32', shape: [2], bytes: bytes.subarray(1) }, 'f');
    expect([...back]).toEqual([1.5, -2]);
    expect(back.buffer).not.toBe(bytes.buffer);
  });

  it('keep a shape of their own', () => {
    const shape = [1];
    const made = f32Tensor('v', shape, Float32Array.of(1));
    shape[0] = 2;
    expect(made.shape).toEqual([1]);
  });

  it('refuse a shape that does not hold the values', () => {
    const error = caught(() => f32Tensor('v', [3], Float32Array.of(1, 2)));
    expect(error.code).toBe('bad-argument');
    expect(error.message).toMatch(/tensor "v" has 2 values, which the shape \[3\]/);
  });

  it.each<[string, NamedTensor, RegExp]>([
    ['another dtype', u8('v', 1, 2, 3, 4), /^f: tensor "v" is U8 where F32 is needed/],
    ['too few bytes', { ...u8('v', 1, 2, 3), dtype: 'F32', shape: [1] }, /"v" has 3 bytes, which isn't F32/],
    ['NaN', f32Tensor('v', [3], Float32Array.of(1, 2, Number.NaN)), /^f: tensor "v" has NaN at index 2/],
    ['infinity', f32Tensor('v', [2], Float32Array.of(-1 / 0, 1)), /"v" has -Infinity at index 0/],
  ])('refuse %s', (_, one, message) => {
    const error = caught(() => asFloat32(one, 'f'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(message);
  });
});
