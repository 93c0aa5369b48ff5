import type { Bytes } from '../arrays.js';
import { brandOf, shown } from '../checks.js';
import { demand } from '../errors.js';
import { decodeNpy, encodeNpy } from './npy.js';
import type { NumericArray, TextArray } from './numeric-array.js';
import { encodeZip, readZip } from './zip.js';

/**
 * The arrays of an npz file, a ZIP of npy files, by name: each is read when its function is called, so that one that
 * nobody asks for may be anything.
 *
 * `name` is the file's name, for messages. Throws `bad-file`, and so do the functions.
 */
export function readNpz(bytes: Uint8Array, name: string): Map<string, () => NumericArray | TextArray> {
  const arrays = new Map<string, () => NumericArray | TextArray>();
  for (const entry of readZip(bytes, name)) {
    const key = entry.name.replace(/\.npy$/, '');
    demand(
      !arrays.has(key),
      () => `${name}: the npz file has two arrays called ${key}; write it anew`,
      'bad-file',
    );
    arrays.set(key, () => decodeNpy(entry.read(), `${name}, ${entry.name}`));
  }
  return arrays;
}

/** Writes an npz file, as numpy.savez does: not packed. @throws DistillError 'bad-argument' */
export function encodeNpz(arrays: Readonly<Record<string, NumericArray>>): Bytes {
  demand(
    brandOf(arrays) === 'Object',
    () => `an npz file is made from an object of arrays by name, not ${shown(arrays)}`,
  );
  return encodeZip(
    Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, bytes: encodeNpy(array) })),
  );
}
