import { ConvField as F, PixelClass as P } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { TILE_ROWS } from '../gemm/build';

/**
 * The table of a class's pixels in rows [row, end) of images [image, image + images): for each the address of what its
 * first tap reads in x and that of its result in y. The last pixel is repeated until the table is whole tiles: it is
 * computed again, with the same result. Returns the number of pixels without these. Up to 8 bytes more are written.
 */
export function pixels(
  at: usize, one: usize, image: i32, images: i32, row: i32, end: i32, table: usize,
): i32 {
  const yStep = word(one, P.yStep);
  const first = max(0, (row - word(one, P.yFirst) + yStep - 1) / yStep);
  const last = min(word(one, P.yCount), (end - word(one, P.yFirst) + yStep - 1) / yStep);
  const count = word(one, P.xCount);
  if (first >= last) return 0;
  const pixelX = (<usize>word(at, F.channels)) << 2;
  const pixelY = (<usize>word(at, F.filters)) << 2;
  const step = i32x4.replace_lane(
    i32x4.splat(2 * word(one, P.xFromStep) * <i32>pixelX), 1, 2 * word(one, P.xStep) * <i32>pixelY,
  );
  const both = v128.shuffle<i32>(step, step, 0, 1, 0, 1);
  const next = i32x4.shr_s(both, 1);
  const zero = i32x4.splat(0);
  const start = table;
  for (let i = image; i < image + images; i++) {
    for (let k = first; k < last; k++) {
      const fromRow = i * word(at, F.height) + word(one, P.yFrom) + k * word(one, P.yFromStep);
      const toRow = i * word(at, F.rows) + word(one, P.yFirst) + k * yStep;
      const x = address(at, F.x) + <usize>(fromRow * word(at, F.width) + word(one, P.xFrom)) * pixelX;
      const y = address(at, F.y) + <usize>(toRow * word(at, F.columns) + word(one, P.xFirst)) * pixelY;
      const pair = i32x4.replace_lane(i32x4.splat(<i32>x), 1, <i32>y);
      const same = v128.shuffle<i32>(pair, pair, 0, 1, 0, 1);
      // Two pixels at a time; a row's odd one out is overwritten by the next row.
      let two = i32x4.add(same, v128.shuffle<i32>(zero, next, 0, 1, 6, 7));
      for (let j = 0; j < count; j += 2) {
        v128.store(table + ((<usize>j) << 3), two);
        two = i32x4.add(two, both);
      }
      table += (<usize>count) << 3;
    }
  }
  const found = <i32>((table - start) >> 3);
  const pair = load<i64>(table - 8);
  for (let k = found; k % TILE_ROWS != 0; k++) {
    store<i64>(table, pair);
    table += 8;
  }
  return found;
}
