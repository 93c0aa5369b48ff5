import type { Component, Frame } from './markers.js';

/** A row of a component in the picture's resolution, at least as wide as the picture. */
export type RowOf = (y: number) => Uint8Array;

/**
 * How a component comes to the picture's resolution, as libjpeg's "fancy upsampling" has it: by triangles across 2:1, down
 * 2:1, or both, else (and across planes of 1 or 2 samples) by repeating samples. `samples` are [8 blocksHigh,
 * 8 blocksWide]. The row answered is valid until the next is asked for.
 */
export function upsampler(component: Component, frame: Frame, samples: Uint8Array): RowOf {
  const across = frame.across / component.across;
  const down = frame.down / component.down;
  const stride = 8 * component.blocksWide;
  const rowAt = (y: number) => {
    const row = Math.max(0, Math.min(component.height - 1, y));
    return samples.subarray(row * stride, (row + 1) * stride);
  };
  if (across === 1 && down === 1) return rowAt;
  const { width } = component;
  const out = new Uint8Array(across * (width + 1));
  if (across === 2 && down === 1 && width > 2) return (y) => wider(rowAt(y), width, out);
  // The nearer of the rows above and below: above for even ones, below for odd ones.
  const neighbor = (y: number) => rowAt((y >> 1) + (y & 1 ? 1 : -1));
  if (across === 1 && down === 2) return (y) => between(rowAt(y >> 1), neighbor(y), 1 + (y & 1), width, out);
  if (across === 2 && down === 2 && width > 2) {
    const sums = new Int32Array(width);
    return (y) => both(rowAt(y >> 1), neighbor(y), sums, out);
  }
  return (y) => {
    const row = rowAt(Math.floor(y / down));
    for (let x = 0; x < width * across; x++) out[x] = row[Math.floor(x / across)]!;
    return out;
  };
}

function wider(row: Uint8Array, width: number, out: Uint8Array): Uint8Array {
  for (let x = 0; x < width; x++) {
    const three = 3 * row[x]!;
    out[2 * x] = x === 0 ? row[0]! : (three + row[x - 1]! + 1) >> 2;
    out[2 * x + 1] = x === width - 1 ? row[x]! : (three + row[x + 1]! + 2) >> 2;
  }
  return out;
}

function between(
  row: Uint8Array,
  other: Uint8Array,
  bias: number,
  width: number,
  out: Uint8Array,
): Uint8Array {
  for (let x = 0; x < width; x++) out[x] = (3 * row[x]! + other[x]! + bias) >> 2;
  return out;
}

function both(row: Uint8Array, other: Uint8Array, sums: Int32Array, out: Uint8Array): Uint8Array {
  const width = sums.length;
  for (let x = 0; x < width; x++) sums[x] = 3 * row[x]! + other[x]!;
  for (let x = 0; x < width; x++) {
    const sum = sums[x]!;
    out[2 * x] = (3 * sum + (x === 0 ? sum : sums[x - 1]!) + 8) >> 4;
    out[2 * x + 1] = (3 * sum + (x === width - 1 ? sum : sums[x + 1]!) + 7) >> 4;
  }
  return out;
}
