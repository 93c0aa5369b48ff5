import type { CompiledNode } from '../../../compiler/node.js';
import type { Kernel } from '../kernel.js';
import { matrix } from '../lower/factor.js';
import { finishOf, NO_EPILOGUE } from '../lower/finish.js';
import { scratch } from '../lower/lowering.js';
import { tiled } from '../lower/product.js';
import type { Tile } from '../lower/tiles.js';

/** A product in one kind of tile, to be timed. */
export interface Probe {
  readonly tile: Tile;
  readonly kernel: Kernel;
  /** What its kernel binds: both factors, the product. */
  readonly matrices: readonly [a: CompiledNode, b: CompiledNode, y: CompiledNode];
  readonly multiplyAdds: number;
}

/** A product [m, k]·[k, n], of multiples of 4. */
export interface Extent {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export function probeOf(tile: Tile, { m, n, k }: Extent): Probe {
  const [a, b] = [scratch([m, k]), scratch([k, n])];
  const y: CompiledNode = { op: 'matmul', inputs: [a, b], attributes: {}, shape: [m, n], dtype: 'f32' };
  const product = {
    a: matrix(a, 'k', m, k),
    b: matrix(b, 'outer', n, k),
    sizes: { m, n, k, batch: 1 },
    epilogue: NO_EPILOGUE,
  };
  const whole = { tile, splits: 1, chunk: Math.ceil(k / tile.depth) * tile.depth };
  return {
    ...{ tile, matrices: [a, b, y], multiplyAdds: m * n * k },
    kernel: tiled(y, y, product, whole, finishOf(y, NO_EPILOGUE, n)),
  };
}
