import type { ProductSizes } from '../../../ops/product.js';

/** Sizes of products: `batch` pairs of matrices, one after the other. */
export interface Sizes extends ProductSizes {
  readonly batch: number;
}

/** What a workgroup computes. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** Of these, what one invocation computes: multiples of 4, kept in registers. */
  readonly own: readonly [rows: number, columns: number];
  /** How far along k factors lie in the workgroup's memory at a time. */
  readonly depth: number;
  /** Shares of `depth`, each summed by invocations of its own: more of them where the output is small. */
  readonly slices: number;
}

/** How fast a device is, by which products are tiled. */
export interface Speeds {
  /** Of each tile, where the GPU is full of it: in parts of the fastest's. */
  readonly tiles: readonly number[];
  /** Multiply-adds a second, of the fastest. */
  readonly rate: number;
  /** Invocations that fill the GPU: those of one workgroup in each of its cores. */
  readonly full: number;
}

/** A product's tile, and how its k is divided over workgroups. */
export interface Tiling {
  readonly tile: Tile;
  /** Parts of k, whose sums are added by a second kernel. */
  readonly splits: number;
  /** How far along k each goes: a multiple of the tile's depth. */
  readonly chunk: number;
}

/** All have as many invocations as other kernels, which divide what they load, and fit in 16 KiB. */
export const tiles: readonly Tile[] = [
  { rows: 64, columns: 256, own: [16, 8], depth: 8, slices: 1 },
  { rows: 128, columns: 64, own: [8, 8], depth: 16, slices: 1 },
  { rows: 64, columns: 64, own: [8, 4], depth: 16, slices: 1 },
  { rows: 128, columns: 32, own: [8, 4], depth: 16, slices: 1 },
  { rows: 64, columns: 16, own: [4, 4], depth: 32, slices: 2 },
  { rows: 32, columns: 32, own: [4, 4], depth: 32, slices: 2 },
  { rows: 16, columns: 16, own: [4, 4], depth: 64, slices: 8 },
];

/**
 * Of a GPU of 64 cores, where nothing was measured. The shares are those of an H200, but for the first tile, the fastest
 * there: it takes more registers than many GPUs have.
 */
export const ESTIMATED: Speeds = { tiles: [0.8, 1, 1, 0.95, 0.75, 0.85, 0.6], rate: 6.7e12, full: 8192 };

/** Seconds that a second kernel takes to start: 6 on an H200, where nothing runs beside it. */
const SECOND_KERNEL = 8e-6;
/** What it takes to hand on a number to it, in multiply-adds of a full GPU. */
const HANDED_ON = 100;
const MOST_SPLITS = 64;
/** Fewest numbers along k of a split, in depths of the tile. */
const LEAST_DEPTHS = 4;
/** Bytes that partial sums may take. */
const MOST_BYTES = 2 ** 26;

export function invocationsOf({ rows, columns, own, slices }: Tile): number {
  return (rows / own[0]) * (columns / own[1]) * slices;
}

/** The tiling that takes the least time by a rough estimate: of what is computed in vain, and of waves of workgroups. */
export function tilingOf(sizes: Sizes, speeds: Speeds): Tiling {
  let best: Tiling | undefined;
  let least = Infinity;
  for (const [i, tile] of tiles.entries()) {
    for (let splits = 1; splits <= MOST_SPLITS; splits *= 2) {
      const tiling = divided(tile, sizes, splits);
      if (!tiling) break;
      const time = secondsOf(tiling, sizes, speeds, speeds.tiles[i]!);
      if (!best || time < least) [best, least] = [tiling, time];
    }
  }
  return best!;
}

function divided(tile: Tile, { m, n, k, batch }: Sizes, wanted: number): Tiling | undefined {
  const chunk = Math.max(1, Math.ceil(k / wanted / tile.depth)) * tile.depth;
  const splits = Math.max(1, Math.ceil(k / chunk));
  const worthwhile = chunk >= LEAST_DEPTHS * tile.depth && splits * batch * m * n * 4 <= MOST_BYTES;
  return wanted === 1 || worthwhile ? { tile, splits, chunk } : undefined;
}

function secondsOf(
  { tile, splits, chunk }: Tiling,
  { m, n, batch }: Sizes,
  { rate, full }: Speeds,
  speed: number,
): number {
  const workgroups = Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns) * batch * splits;
  const atOnce = Math.max(1, Math.round(full / invocationsOf(tile)));
  const waves = Math.ceil(workgroups / atOnce);
  const products = waves * atOnce * tile.rows * tile.columns * chunk;
  const handingOn = splits > 1 ? SECOND_KERNEL + (HANDED_ON * splits * batch * m * n) / rate : 0;
  return products / (rate * speed) + handingOn;
}
