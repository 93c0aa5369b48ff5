import * as exact from './micro-kernels';
import * as fused from './micro-kernels-fused';

// @ts-ignore: constant of the compiler
const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;

/** The micro-kernels of this build, as gemm/build.ts chooses a product's. */
// @ts-ignore: decorator
@inline export function runs(
  vectors: i32, tiles: i32, table: usize, segments: usize, end: usize, run: i32, panel: usize, column: usize,
  special: bool, bias: usize, relu: bool, mask: usize, beside: usize,
): void {
  if (FUSED) fused.runs(vectors, tiles, table, segments, end, run, panel, column, special, bias, relu, mask, beside);
  else exact.runs(vectors, tiles, table, segments, end, run, panel, column, special, bias, relu, mask, beside);
}
