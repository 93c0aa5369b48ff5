import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { word } from '../fields';
import { sumByRows } from './weight-rows';
import { sumByTaps } from './weight-taps';

/**
 * The gradient of a convolution's weights, [kernel height · kernel width · channels, filters], from images x and y's
 * gradient: a product whose depth is all of y's pixels. It is summed chunk by chunk of some 400 pixels; several groups
 * of chunks, where there are such, make a partial sum each, to be added by who reads them. So the bits depend on shapes
 * alone, and a tile is a row of the gradient in a group: a thread computes the blocks that begin in its tiles.
 */
export function convWeight(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = word(at, F.kernelY) * word(at, F.kernelX) * word(at, F.channels);
  const chunks = word(at, F.chunks);
  const groups = word(at, F.groups);
  for (let g = lo / rows; g * rows < hi; g++) {
    const from = max(lo - g * rows, 0);
    const to = min(hi - g * rows, rows);
    const first = (chunks * g) / groups;
    const end = (chunks * (g + 1)) / groups;
    for (let t = first; t < end; t++) {
      if (word(at, F.byRows)) sumByRows(at, t, g, from, to, t > first, scratch);
      else sumByTaps(at, t, g, from, to, t > first, scratch);
    }
  }
}
