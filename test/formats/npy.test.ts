import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '#library/formats/npy.js';
import { encodeNpz, readNpz } from '#library/formats/npz.js';
import { type NumericArray, type TextArray, toFloat32, toInt32 } from '#library/formats/numeric-array.js';
import { faultOf } from '../support/faults.js';

const folder = 'test/fixtures/arrays';
const file = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}`));
/** What scripts/make_golden_formats.py wrote beside the files. */
const expected = JSON.parse(readFileSync(`${folder}/arrays.json`, 'utf8')) as Record<
  string,
  { shape: number[]; data: (string | number)[] }
>;

/** Elements as the golden file writes them. */
function shown({ data }: NumericArray | TextArray): (string | number)[] {
  return Array.from(data as ArrayLike<number | bigint | string>, (value) => {
    if (typeof value !== 'number') return String(value);
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  });
}

const types: Readonly<Record<string, string>> = {
  f2: 'Float32Array',
  f4: 'Float32Array',
  'big-f4': 'Float32Array',
  f8: 'Float64Array',
  i8: 'BigInt64Array',
  u1: 'Uint8Array',
  b1: 'Uint8Array',
  unicode: 'Array',
};

describe('npy as NumPy writes it', () => {
  test.each(Object.entries(expected))('%s', (name, { shape, data }) => {
    const array = decodeNpy(file(`${name}.npy`), name);
    expect(array.shape).toEqual(shape);
    expect(shown(array)).toEqual(data);
    if (types[name]) expect(array.data.constructor.name).toBe(types[name]);
  });

  test('zeros keep their sign', () => {
    expect(Object.is(decodeNpy(file('f2.npy'), 'f2').data[1], -0)).toBe(true);
  });

  test('is read from the middle of other bytes, at any address', () => {
    for (const shift of [1, 2, 4, 7]) {
      const bytes = new Uint8Array(shift + file('big-f8.npy').length);
      bytes.set(file('big-f8.npy'), shift);
      expect(shown(decodeNpy(bytes.subarray(shift), 'x'))).toEqual(expected['big-f8']!.data);
      const buffer = Buffer.alloc(shift + file('f8.npy').length);
      buffer.set(file('f8.npy'), shift);
      expect(shown(decodeNpy(buffer.subarray(shift), 'x'))).toEqual(expected.f8!.data);
    }
  });

  test.each([
    ['refused-objects', /Python objects.*astype/],
    ['refused-complex', /complex numbers.*two arrays/],
    ['refused-records', /records of several fields/],
    ['refused-dates', /holds dates/],
  ])('%s', async (name, message) => {
    const error = await faultOf(() => decodeNpy(file(`${name}.npy`), 'x.npy'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^x\.npy: the npy file /);
  });

  test('is refused when cut, or when something follows', async () => {
    const whole = file('f4.npy');
    for (let length = 0; length < whole.length; length++)
      expect((await faultOf(() => decodeNpy(whole.subarray(0, length), 'x'))).code).toBe('bad-file');
    expect((await faultOf(() => decodeNpy(Uint8Array.of(...whole, 0), 'x'))).message).toContain(
      'remove what',
    );
  });

  test.each([
    ["{'descr': '<U0', 'fortran_order': False, 'shape': (4000000000,), }", 'bytes of data'],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 'no file can have'],
    [`{'descr': '<f4', 'fortran_order': True, 'shape': (${'1,'.repeat(65)}), }`, 'no file can have'],
    ["{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "can't be read"],
    ["{'descr': '<f4', 'shape': (1,), }", 'without descr, fortran_order or shape'],
    ["{'descr': '<f4', 'order': 'C', 'shape': (1,), }", 'strange order'],
    ['[]', 'no dictionary'],
  ])('with the header %s is refused', async (header, message) => {
    const head = Uint8Array.from([
      0x93,
      ...Buffer.from('NUMPY'),
      1,
      0,
      header.length & 255,
      header.length >> 8,
    ]);
    const error = await faultOf(() =>
      decodeNpy(Buffer.concat([head, Buffer.from(header), new Uint8Array(4)]), 'x'),
    );
    expect(error.message).toContain(message);
  });

  test('reads headers of Python 2 and with double quotes', () => {
    const header = `{"shape": (2L, 1L), "descr": "|u1", "fortran_order": False}`;
    const head = Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
    const { shape, data } = decodeNpy(Buffer.concat([head, Buffer.from(header), Uint8Array.of(5, 6)]), 'x');
    expect([shape, [...data]]).toEqual([
      [2, 1],
      [5, 6],
    ]);
  });
});

describe('encodeNpy', () => {
  test.each(['f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'scalar', 'empty'])(
    '%s as NumPy',
    (name) => {
      const whole = file(`${name}.npy`);
      expect(Buffer.from(encodeNpy(decodeNpy(whole, name) as NumericArray))).toEqual(Buffer.from(whole));
    },
  );

  test('refuses a shape that lies, and other arrays', async () => {
    const error = await faultOf(() => encodeNpy({ shape: [3], data: new Float32Array(2) }));
    expect(error.message).toBe("2 numbers aren't an array of shape [3]");
    expect((await faultOf(() => encodeNpy({ shape: [1], data: [1] as never }))).code).toBe('bad-argument');
  });
});

describe('npz', () => {
  test.each(['stored', 'deflated', 'piped'])('%s by NumPy', (name) => {
    const arrays = readNpz(file(`${name}.npz`), name);
    expect([...arrays.keys()]).toEqual(['x_train', 'y_train', 'x_test', 'y_test']);
    expect(arrays.get('x_train')!().shape).toEqual([4, 4]);
    expect([...arrays.get('y_test')!().data]).toEqual([1n, 2n]);
  });

  test('as written reads back, and the same bytes each time', () => {
    const arrays = {
      x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      'ä/y': { shape: [2], data: BigInt64Array.of(7n, -1n) },
    };
    const bytes = encodeNpz(arrays);
    const read = [...readNpz(bytes, 'x')].map(([name, array]) => [name, array()]);
    expect(Object.fromEntries(read)).toEqual(arrays);
    expect(encodeNpz(arrays)).toEqual(bytes);
  });

  test('with an array of objects among others is refused only for that one', async () => {
    const bytes = encodeNpz({ x: { shape: [1], data: Float32Array.of(1) } });
    const broken = bytes.slice();
    broken[bytes.indexOf(0x93)] = 0;
    const arrays = readNpz(broken, 'x.npz');
    expect((await faultOf(() => arrays.get('x')!())).message).toMatch(
      /^x\.npz, x\.npy: the ZIP file has a wrong/,
    );
  });
});

describe('numbers of an array', () => {
  test('become f32 without a copy where they are that, whole ones i32', async () => {
    const floats = Float32Array.of(1.5);
    expect(toFloat32({ shape: [1], data: floats })).toBe(floats);
    expect([...toFloat32({ shape: [2], data: BigInt64Array.of(3n, -4n) })]).toEqual([3, -4]);
    expect([...toInt32({ shape: [2], data: Float64Array.of(3, -4) }, 'y')]).toEqual([3, -4]);
    for (const data of [Float64Array.of(0, 1.5), BigInt64Array.of(0n, 2n ** 40n), Float32Array.of(0, NaN)])
      expect((await faultOf(() => toInt32({ shape: [2], data }, 'y'))).message).toMatch(/^y: element 1 is /);
  });
});
