import { expect } from 'vitest';

/**
 * Vitest compares typed arrays element by element as objects, which takes a second for a few hundred thousand numbers: here
 * they are compared as numbers, by what toEqual() means (NaN is NaN, 0 isn't −0).
 */
expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    isNumbers(a) && isNumbers(b) && a.constructor === b.constructor ? sameNumbers(a, b) : undefined,
]);

type Numbers = ArrayLike<number | bigint>;

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function sameNumbers(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
