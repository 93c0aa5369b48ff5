/**
 * Conditions of fences that can't be merged: addresses of floats never equal odd numbers, of which there are 64 that fit into
 * a byte. The address must be new wherever these have been used up.
 */
export function fences(address) {
  let used = 0;
  return () => `if (${address} == ${2 * (used++ % 64) + 1}) break;`;
}
