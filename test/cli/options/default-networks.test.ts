import { expect, test } from 'vitest';
import { parseShorthand } from 'wasm-distill';
import { defaultNetworks } from '../../../cli/options/default-networks.ts';

const samples = (shape: number[]) => ({ inputs: { shape, values: new Uint8Array(0) } });

test('gray images have the perceptrons of before, tables small ones, color images convolutions', () => {
  expect(defaultNetworks(samples([28, 28, 1]))).toEqual({ teacher: '1200,1200', student: '800,800' });
  expect(defaultNetworks(samples([13]))).toEqual({ teacher: '100,100', student: '100,100' });
  expect(defaultNetworks(samples([32, 32, 3])).student).toContain('conv');
});

test.each([[16, 16, 3], [32, 32, 3], [3, 40, 3], [8, 8, 3], [1, 1, 1], [1], [50, 7]])(
  'samples of [%i, %i, %i] have networks that take them',
  (...sizes) => {
    for (const text of Object.values(defaultNetworks(samples(sizes))))
      expect(() => parseShorthand(text, { input: { shape: sizes }, classes: 3 })).not.toThrow();
  },
);
