import { AdamField as F, Limit } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';

/**
 * Adam (Kingma & Ba 2015, algorithm 1) with decay added to the gradient, as PyTorch's Adam does. `powers` points to β₁ᵗ
 * and β₂ᵗ of this step, which the caller keeps in memory: no powers are computed here.
 */
export function adam(at: usize, lo: i32, hi: i32): void {
  const start = lo * Limit.elements;
  const count = min(hi * Limit.elements, word(at, F.n)) - start;
  const offset = <usize>start << 2;
  let w = address(at, F.w) + offset;
  let m = address(at, F.m) + offset;
  let v = address(at, F.v) + offset;
  let g = address(at, F.g) + offset;
  const powers = address(at, F.powers);
  const rate: f32 = load<f32>(address(at, F.rate)) / (1 - load<f32>(powers));
  const unbias: f32 = 1 / (1 - load<f32>(powers, 4));
  const factor = f32x4.splat(address(at, F.factor) ? load<f32>(address(at, F.factor)) : <f32>1);
  for (let i = 0; i + 4 <= count; i += 4) {
    step(at, w, m, v, f32x4.mul(factor, v128.load(g)), rate, unbias);
    w += 16;
    m += 16;
    v += 16;
    g += 16;
  }
  if ((count & 3) == 0) return;
  // The last elements: every array is padded to whole vectors (buffers are aligned to 64 bytes).
  step(at, w, m, v, f32x4.mul(factor, v128.load(g)), rate, unbias);
}

// @ts-ignore: decorator
@inline function step(at: usize, w: usize, m: usize, v: usize, gradient: v128, rate: f32, unbias: f32): void {
  const beta1 = float(at, F.beta1);
  const beta2 = float(at, F.beta2);
  const weight = v128.load(w);
  const g = f32x4.add(gradient, f32x4.mul(f32x4.splat(float(at, F.decay)), weight));
  const first = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(m)), f32x4.mul(f32x4.splat(1 - beta1), g));
  const second = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(v)), f32x4.mul(f32x4.splat(1 - beta2), f32x4.mul(g, g)));
  v128.store(m, first);
  v128.store(v, second);
  const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, f32x4.splat(unbias))), f32x4.splat(float(at, F.epsilon)));
  v128.store(w, f32x4.sub(weight, f32x4.mul(f32x4.splat(rate), f32x4.div(first, root))));
}
