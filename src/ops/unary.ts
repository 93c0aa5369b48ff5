import { checkNumber } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { UnaryKind } from '../graph/names.js';
import { checkTensor, fill, type Tensor } from '../graph/tensor.js';
import type { Case, Operator } from './operator.js';

/** y = f(x) for each element; v is the constant of scale, shift and leakyRelu. */
const functions: Record<UnaryKind, (x: number, v: number) => number> = {
  scale: (x, v) => x * v,
  shift: (x, v) => x + v,
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x, v) => (x < 0 ? x * v : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
};

const kinds = Object.keys(functions) as UnaryKind[];

const unaryRule: ShapeRule<'unary'> = {
  name: 'unary',
  infer: ([x], { kind }) => {
    demand(x!.dtype === 'f32', () => `${kind}: the input must be f32, not ${x!.dtype}`);
    return { shape: x!.shape, dtype: 'f32' };
  },
};

export const unaryOp: Operator<'unary'> = {
  rule: unaryRule,
  reference: ([x], { attributes: { kind, value } }) => x!.map((v) => functions[kind](v, value)),
  cases: () =>
    kinds.flatMap((kind): Case<'unary'>[] =>
      [[1], [3], [17], [5, 33]].map((shape) => ({
        inputs: [{ shape, data: kind === 'log' || kind === 'sqrt' ? 'positive' : 'normal' }],
        attributes: { kind, value: 0.75 },
      })),
    ),
};

function unary(kind: UnaryKind, x: Tensor, value = 0): Tensor {
  checkNumber(value, `the number of ${kind}`, 'one', () => true);
  return apply(unaryRule, [x], { kind, value });
}

/** x·factor. A constant is folded immediately. */
export function scale(x: Tensor, factor: number): Tensor {
  checkTensor(x, 'scale');
  if (x.op === 'fill') return fill(x.attributes.value * factor, x.shape);
  return factor === 1 ? x : unary('scale', x, factor);
}
/** x + amount. */
export const shift = (x: Tensor, amount: number): Tensor => unary('shift', x, amount);
/** max(x, 0); NaN stays NaN. */
export const relu = (x: Tensor): Tensor => unary('relu', x);
/** x where it is positive, else slope·x (Maas et al. 2013). */
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => unary('leakyRelu', x, slope);
/** 1 / (1 + e⁻ˣ), within 2.5 ulp. */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** Hyperbolic tangent, within 1.5 ulp. */
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** eˣ, within 1 ulp. */
export const exp = (x: Tensor): Tensor => unary('exp', x);
/** Natural logarithm, within 1 ulp. */
export const log = (x: Tensor): Tensor => unary('log', x);
/** √x, correctly rounded. */
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
/** |x|; its gradient at 0 is 0. */
export const abs = (x: Tensor): Tensor => unary('abs', x);
/** −1, 0 or 1. No gradient flows through it. */
export const sign = (x: Tensor): Tensor => unary('sign', x);
