import { Limit, SgdField as F } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';

/** One step of stochastic gradient descent with momentum, in PyTorch's form. w and v change in place. A factor of 1 changes no bit. */
export function sgd(at: usize, lo: i32, hi: i32): void {
  const start = lo * Limit.elements;
  const count = min(hi * Limit.elements, word(at, F.n)) - start;
  const offset = (<usize>start) << 2;
  let w = address(at, F.w) + offset;
  let v = address(at, F.v) + offset;
  let g = address(at, F.g) + offset;
  const rate = f32x4.splat(load<f32>(address(at, F.rate)));
  const ratio: f32 = address(at, F.factor) ? load<f32>(address(at, F.factor)) : 1;
  const factor = f32x4.splat(ratio);
  const momentum = f32x4.splat(float(at, F.momentum));
  const decay = f32x4.splat(float(at, F.decay));
  const nesterov = word(at, F.nesterov) != 0;
  const end = w + ((<usize>(count & ~3)) << 2);
  while (w < end) {
    const weight = v128.load(w);
    const gradient = f32x4.add(f32x4.mul(factor, v128.load(g)), f32x4.mul(decay, weight));
    const velocity = f32x4.add(f32x4.mul(momentum, v128.load(v)), gradient);
    const move = nesterov ? f32x4.add(gradient, f32x4.mul(momentum, velocity)) : velocity;
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(weight, f32x4.mul(rate, move)));
    w += 16;
    v += 16;
    g += 16;
  }
  for (let i = count & 3; i > 0; i--) {
    const weight = load<f32>(w);
    const gradient = ratio * load<f32>(g) + float(at, F.decay) * weight;
    const velocity = float(at, F.momentum) * load<f32>(v) + gradient;
    store<f32>(v, velocity);
    const move = nesterov ? gradient + float(at, F.momentum) * velocity : velocity;
    store<f32>(w, weight - load<f32>(address(at, F.rate)) * move);
    w += 4;
    v += 4;
    g += 4;
  }
}
