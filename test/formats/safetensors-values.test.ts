import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '#library/formats/safetensors.js';
import { asNumericArray } from '#library/formats/safetensors-values.js';
import { faultOf } from '../support/faults.js';

const tensor = (dtype: NamedTensor['dtype'], shape: number[], ...bytes: number[]): NamedTensor => ({
  name: 't',
  dtype,
  shape,
  bytes: Uint8Array.from(bytes),
});

describe('tensors as numbers', () => {
  test.each<[NamedTensor, (number | bigint)[], string]>([
    [
      tensor('F16', [5], 0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 0x7c),
      [1, -2, 65504, 2 ** -24, Infinity],
      'Float32Array',
    ],
    [tensor('BF16', [3], 0x80, 0x3f, 0x49, 0xc0, 1, 0), [1, -3.140625, 2 ** -133], 'Float32Array'],
    [
      tensor('F8_E4M3', [6], 0x38, 0xb8, 0x7e, 0x01, 0x7f, 0x08),
      [1, -1, 448, 2 ** -9, NaN, 2 ** -6],
      'Float32Array',
    ],
    [
      tensor('F8_E5M2', [5], 0x3c, 0xbc, 0x7b, 0x01, 0xfc),
      [1, -1, 57344, 2 ** -16, -Infinity],
      'Float32Array',
    ],
    [tensor('F8_E8M0', [3], 127, 0, 255), [1, 2 ** -127, NaN], 'Float32Array'],
    [tensor('F4', [2, 4], 0x10, 0x32, 0x76, 0xf9), [0, 0.5, 1, 1.5, 4, 6, -0.5, -6], 'Float32Array'],
    [tensor('BOOL', [2], 1, 0), [1, 0], 'Uint8Array'],
    [tensor('I64', [1], 255, 255, 255, 255, 255, 255, 255, 255), [-1n], 'BigInt64Array'],
    [tensor('U16', [2], 1, 2, 3, 4), [513, 1027], 'Uint16Array'],
  ])('%j', (given, values, type) => {
    const { tensors } = decodeSafetensors(encodeSafetensors([given]), 'x');
    const { shape, data } = asNumericArray(tensors.get('t')!, 'x');
    expect(shape).toEqual(given.shape);
    expect([...data]).toEqual(values);
    expect(data.constructor.name).toBe(type);
  });

  test.each(['C64', 'F6_E2M3', 'F6_E3M2'] as const)(
    '%s is read and listed, but is no numbers',
    async (dtype) => {
      const given = tensor(dtype, [4], ...new Uint8Array(dtype === 'C64' ? 32 : 3));
      const { tensors } = decodeSafetensors(encodeSafetensors([given]), 'x');
      expect(tensors.get('t')).toMatchObject({ dtype, shape: [4] });
      const error = await faultOf(() => asNumericArray(tensors.get('t')!, 'x.safetensors'));
      expect(error.message).toMatch(
        /^x\.safetensors: tensor "t" holds (complex numbers|floats of 6 bits).*; save /,
      );
    },
  );

  test('a shape whose elements fill no whole bytes is refused', async () => {
    const bytes = encodeSafetensors([tensor('F4', [2], 0)]);
    const text = Buffer.from(bytes).toString('latin1').replace('"shape":[2]', '"shape":[1]');
    const error = await faultOf(() => decodeSafetensors(Buffer.from(text, 'latin1'), 'x'));
    expect(error.message).toContain('needs 0.5 bytes');
  });
});
