import { PackWeightsField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { TILE_COLUMNS } from '../gemm/build';
import { packColumns, packRows } from '../gemm/pack';

/** Weights by panels: all taps of eight columns, then those of the next. Tile t is tap t mod taps of a panel. */
export function packWeights(at: usize, lo: i32, hi: i32): void {
  const taps = word(at, F.taps);
  const channels = word(at, F.channels);
  const filters = word(at, F.filters);
  const transpose = word(at, F.transpose) != 0;
  const depth = transpose ? filters : channels;
  const columns = transpose ? channels : filters;
  const stride = (<usize>filters) << 2;
  for (let t = lo; t < hi; t++) {
    const tap = t % taps;
    const j = (t / taps) * TILE_COLUMNS;
    const width = min(TILE_COLUMNS, columns - j);
    const row = (<usize>((width + 3) & ~3)) << 2;
    // Only the last panel may be narrower, so that all before it are whole.
    const panel = address(at, F.y) + (<usize>taps * depth * j << 2) + <usize>tap * depth * row;
    const source = address(at, F.w) + <usize>word(address(at, F.order), tap) * channels * stride;
    if (transpose) packColumns(depth, source + <usize>j * stride, stride, width, panel);
    else packRows(depth, source + ((<usize>j) << 2), stride, width, panel);
  }
}
