import { Limit, UnaryField as F, UnaryKind } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { exp4 } from '../math/exp';
import { log4 } from '../math/log';
import { sigmoid4, tanh4 } from '../math/sigmoid';

/** y[i] = f(x[i]): whole vectors, then a last partial one element by element. */
export function unary(at: usize, lo: i32, hi: i32): void {
  const start = lo * Limit.elements;
  const count = min(hi * Limit.elements, word(at, F.n)) - start;
  const x = address(at, F.x) + (<usize>start << 2);
  const y = address(at, F.y) + (<usize>start << 2);
  unaryOf(word(at, F.kind), count, x, y, f32x4.splat(float(at, F.value)));
}

export function unaryOf(kind: i32, count: i32, x: usize, y: usize, value: v128): void {
  switch (kind) {
    case UnaryKind.scale: return each<Scale>(count, x, y, value);
    case UnaryKind.shift: return each<Shift>(count, x, y, value);
    case UnaryKind.relu: return each<Relu>(count, x, y, value);
    case UnaryKind.exp: return each<Exp>(count, x, y, value);
    case UnaryKind.log: return each<Log>(count, x, y, value);
    case UnaryKind.sqrt: return each<Sqrt>(count, x, y, value);
    case UnaryKind.abs: return each<Abs>(count, x, y, value);
    case UnaryKind.sign: return each<Sign>(count, x, y, value);
    case UnaryKind.leakyRelu: return each<LeakyRelu>(count, x, y, value);
    case UnaryKind.sigmoid: return each<Sigmoid>(count, x, y, value);
    case UnaryKind.tanh: return each<Tanh>(count, x, y, value);
    default: unreachable();
  }
}

class Scale {}
class Shift {}
class Relu {}
class Exp {}
class Log {}
class Sqrt {}
class Abs {}
class Sign {}
class LeakyRelu {}
class Sigmoid {}
class Tanh {}

// @ts-ignore: decorator
@inline function apply<Kind>(x: v128, value: v128): v128 {
  if (idof<Kind>() == idof<Scale>()) return f32x4.mul(x, value);
  if (idof<Kind>() == idof<Shift>()) return f32x4.add(x, value);
  // pmax(x, 0) is `x < 0 ? 0 : x`: NaN passes.
  if (idof<Kind>() == idof<Relu>()) return f32x4.pmax(x, f32x4.splat(0));
  if (idof<Kind>() == idof<Exp>()) return exp4(x);
  if (idof<Kind>() == idof<Log>()) return log4(x);
  if (idof<Kind>() == idof<Sqrt>()) return f32x4.sqrt(x);
  if (idof<Kind>() == idof<Abs>()) return f32x4.abs(x);
  if (idof<Kind>() == idof<LeakyRelu>())
    return v128.bitselect(f32x4.mul(x, value), x, f32x4.lt(x, f32x4.splat(0)));
  if (idof<Kind>() == idof<Sigmoid>()) return sigmoid4(x);
  if (idof<Kind>() == idof<Tanh>()) return tanh4(x);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}

function each<Kind>(count: i32, x: usize, y: usize, value: v128): void {
  const pairs = y + (<usize>(count & ~7) << 2);
  while (y < pairs) {
    const first = apply<Kind>(v128.load(x), value);
    const second = apply<Kind>(v128.load(x, 16), value);
    v128.store(y, first);
    v128.store(y, second, 16);
    x += 32;
    y += 32;
  }
  const end = y + (<usize>(count & 4) << 2);
  while (y < end) {
    v128.store(y, apply<Kind>(v128.load(x), value));
    x += 16;
    y += 16;
  }
  for (let i = count & 3; i > 0; i--) {
    store<f32>(y, f32x4.extract_lane(apply<Kind>(v128.load32_zero(x), value), 0));
    x += 4;
    y += 4;
  }
}
