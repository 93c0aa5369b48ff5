import { Limit } from '../../src/backends/wasm/layout';
import * as exact from './micro-kernels';
import * as fused from './micro-kernels-fused';

/**
 * Which micro-kernels this build has, and the size of their tiles: with fused multiply-add (relaxed SIMD) an
 * accumulator is updated in place, which leaves registers for one more row. Every build runs the same plans: its tiles
 * are cut where the plan's end.
 */
// @ts-ignore: constant of the compiler
const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;
export const TILE_ROWS: i32 = FUSED ? Limit.fusedRows : Limit.panelRows;
export const TILE_COLUMNS: i32 = Limit.panelColumns;
/** Bytes of a k-step of a packed tile of A. */
export const TILE_STEP: usize = TILE_ROWS * 4;

// @ts-ignore: decorator
@inline export function by_rows(
  rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  if (FUSED) fused.by_rows(rows, vectors, depth, a, lda, b, c, ldc, accumulate);
  else exact.by_rows(rows, vectors, depth, a, lda, b, c, ldc, accumulate);
}

// @ts-ignore: decorator
@inline export function by_columns(
  rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  if (FUSED) fused.by_columns(rows, vectors, depth, a, lda, b, c, ldc, accumulate);
  else exact.by_columns(rows, vectors, depth, a, lda, b, c, ldc, accumulate);
}

// @ts-ignore: decorator
@inline export function by_tiles(
  rows: i32, vectors: i32, depth: i32, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  if (FUSED) fused.by_tiles(rows, vectors, depth, a, b, c, ldc, accumulate);
  else exact.by_tiles(rows, vectors, depth, a, b, c, ldc, accumulate);
}
