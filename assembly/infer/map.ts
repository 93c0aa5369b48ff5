import { sigmoid4, tanh4 } from '../math/sigmoid';
import { put } from './put';

/** What src/infer/maps.ts calls them. */
const enum Kind {
  copy,
  relu,
  leakyRelu,
  sigmoid,
  tanh,
  affine,
  affineRelu,
  add,
  addRelu,
}

/**
 * y = f(x) for images of `rows` × `pixels` × n floats, whose rows and pixels lie so many bytes apart. Of
 * affine p and q are the places of n scales and shifts. add adds x to y. Up to three numbers past a
 * pixel's are read of x, p and q.
 */
export function map(
  kind: i32, rows: i32, pixels: i32, n: i32, x: usize, xRow: usize, xPixel: usize, y: usize, yRow: usize,
  yPixel: usize, slope: f32, p: usize, q: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let from = x;
    let to = y;
    for (let j = 0; j < pixels; j++) {
      line(kind, n, from, to, slope, p, q);
      from += xPixel;
      to += yPixel;
    }
    x += xRow;
    y += yRow;
  }
}

// @ts-ignore: decorator
@inline function line(kind: i32, n: i32, x: usize, y: usize, slope: f32, p: usize, q: usize): void {
  switch (kind) {
    case Kind.copy: return each<Copy>(n, x, y, slope, p, q);
    case Kind.relu: return each<Relu>(n, x, y, slope, p, q);
    case Kind.leakyRelu: return each<LeakyRelu>(n, x, y, slope, p, q);
    case Kind.sigmoid: return each<Sigmoid>(n, x, y, slope, p, q);
    case Kind.tanh: return each<Tanh>(n, x, y, slope, p, q);
    case Kind.affine: return each<Affine>(n, x, y, slope, p, q);
    case Kind.affineRelu: return each<AffineRelu>(n, x, y, slope, p, q);
    case Kind.add: return each<Add>(n, x, y, slope, p, q);
    default: return each<AddRelu>(n, x, y, slope, p, q);
  }
}

class Copy {}
class Relu {}
class LeakyRelu {}
class Sigmoid {}
class Tanh {}
class Affine {}
class AffineRelu {}
class Add {}
class AddRelu {}

// pmax(x, 0) is `x < 0 ? 0 : x`: NaN passes.

// @ts-ignore: decorator
@inline function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline function affine(x: v128, p: usize, q: usize): v128 {
  return f32x4.add(f32x4.mul(x, v128.load(p)), v128.load(q));
}

// @ts-ignore: decorator
@inline function apply<Kind>(x: v128, y: usize, slope: f32, p: usize, q: usize): v128 {
  if (idof<Kind>() == idof<Relu>()) return relu(x);
  if (idof<Kind>() == idof<LeakyRelu>())
    return v128.bitselect(f32x4.mul(x, f32x4.splat(slope)), x, f32x4.lt(x, f32x4.splat(0)));
  if (idof<Kind>() == idof<Sigmoid>()) return sigmoid4(x);
  if (idof<Kind>() == idof<Tanh>()) return tanh4(x);
  if (idof<Kind>() == idof<Affine>()) return affine(x, p, q);
  if (idof<Kind>() == idof<AffineRelu>()) return relu(affine(x, p, q));
  if (idof<Kind>() == idof<Add>()) return f32x4.add(v128.load(y), x);
  if (idof<Kind>() == idof<AddRelu>()) return relu(f32x4.add(v128.load(y), x));
  return x;
}

// @ts-ignore: decorator
@inline function strides<Kind>(): bool {
  return idof<Kind>() == idof<Affine>() || idof<Kind>() == idof<AffineRelu>();
}

function each<Kind>(n: i32, x: usize, y: usize, slope: f32, p: usize, q: usize): void {
  for (; n > 3; n -= 4) {
    v128.store(y, apply<Kind>(v128.load(x), y, slope, p, q));
    x += 16;
    y += 16;
    if (strides<Kind>()) {
      p += 16;
      q += 16;
    }
  }
  if (n > 0) put(y, apply<Kind>(v128.load(x), y, slope, p, q), n);
}
