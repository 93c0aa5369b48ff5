import { BinaryField as F, BinaryKind, Limit } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** c[i] = a[i] ∘ b[i]: whole vectors, then a last partial one element by element. */
export function binary(at: usize, lo: i32, hi: i32): void {
  const start = lo * Limit.elements;
  const count = min(hi * Limit.elements, word(at, F.n)) - start;
  const offset = <usize>start << 2;
  const a = address(at, F.a) + offset;
  const b = address(at, F.b) + offset;
  const c = address(at, F.c) + offset;
  binaryOf(word(at, F.kind), count, a, b, c);
}

export function binaryOf(kind: i32, count: i32, a: usize, b: usize, c: usize): void {
  switch (kind) {
    case BinaryKind.add: return each<Add>(count, a, b, c);
    case BinaryKind.subtract: return each<Sub>(count, a, b, c);
    case BinaryKind.multiply: return each<Mul>(count, a, b, c);
    case BinaryKind.divide: return each<Div>(count, a, b, c);
    case BinaryKind.mask: return each<Where>(count, a, b, c);
    default: unreachable();
  }
}

class Add {}
class Sub {}
class Mul {}
class Div {}
class Where {}

// @ts-ignore: decorator
@inline function apply<Kind>(a: v128, b: v128): v128 {
  if (idof<Kind>() == idof<Add>()) return f32x4.add(a, b);
  if (idof<Kind>() == idof<Sub>()) return f32x4.sub(a, b);
  if (idof<Kind>() == idof<Mul>()) return f32x4.mul(a, b);
  if (idof<Kind>() == idof<Div>()) return f32x4.div(a, b);
  return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
}

function each<Kind>(count: i32, a: usize, b: usize, c: usize): void {
  const turns = c + (<usize>(count & ~15) << 2);
  while (c < turns) {
    const c0 = apply<Kind>(v128.load(a), v128.load(b));
    const c1 = apply<Kind>(v128.load(a, 16), v128.load(b, 16));
    const c2 = apply<Kind>(v128.load(a, 32), v128.load(b, 32));
    const c3 = apply<Kind>(v128.load(a, 48), v128.load(b, 48));
    v128.store(c, c0);
    v128.store(c, c1, 16);
    v128.store(c, c2, 32);
    v128.store(c, c3, 48);
    a += 64;
    b += 64;
    c += 64;
  }
  const end = c + (<usize>(count & 12) << 2);
  while (c < end) {
    v128.store(c, apply<Kind>(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    c += 16;
  }
  for (let i = count & 3; i > 0; i--) {
    store<f32>(c, f32x4.extract_lane(apply<Kind>(v128.load32_zero(a), v128.load32_zero(b)), 0));
    a += 4;
    b += 4;
    c += 4;
  }
}
