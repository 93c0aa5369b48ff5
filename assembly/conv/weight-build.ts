import * as exact from './weight-micro-kernels';
import * as fused from './weight-micro-kernels-fused';

// @ts-ignore: constant of the compiler
const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;

/** The micro-kernels of this build, as gemm/build.ts chooses a product's. */

// @ts-ignore: decorator
@inline export function by_taps(
  rows: i32, vectors: i32, taps: i32, table: usize, a: usize, panel: usize, tap: usize,
  c: usize, ldc: usize, accumulate: bool,
): void {
  if (FUSED) fused.by_taps(rows, vectors, taps, table, a, panel, tap, c, ldc, accumulate);
  else exact.by_taps(rows, vectors, taps, table, a, panel, tap, c, ldc, accumulate);
}

// @ts-ignore: decorator
@inline export function by_rows(
  rows: i32, vectors: i32, runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize,
  c: usize, ldc: usize, accumulate: bool,
): void {
  if (FUSED) fused.by_rows(rows, vectors, runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
  else exact.by_rows(rows, vectors, runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
}
