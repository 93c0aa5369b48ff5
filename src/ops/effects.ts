import type { Instruction } from './operator.js';
import { elementTiles } from './operator.js';
import { stridedCopy } from './strided.js';
import { bytesOf, require, sameShape, size, type Tensor, type Variable } from './tensor.js';

/**
 * What a plan does at the end of its computations: write into variables. All tensors of a plan see variables as they
 * were before the step; effects on the same variable take place in the order listed, and one that takes a variable itself
 * as input sees it as the effects before left it.
 */
export interface Effect {
  readonly name: 'assign' | 'stepWrite' | 'sgd' | 'adam' | 'maxNorm';
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Variable[];
  /** The instruction, given where the inputs were computed (fused or shared nodes). */
  readonly lower: (inputs: readonly Tensor[]) => Instruction;
}

/** target = value. */
export function assign(target: Variable, value: Tensor): Effect {
  require(bytesOf(target) === bytesOf(value) &&
    target.dtype === value.dtype &&
    target.dtype !== 'u8', `assign: [${value.shape}] doesn't fit ${target.name} [${target.shape}]`);
  const flat = { strides: [1] };
  return {
    name: 'assign',
    inputs: [value],
    targets: [target],
    lower: ([x]) => stridedCopy(x!, flat, target, flat, [size(value.shape)]),
  };
}

/** target[step mod rows] = value. A guarded value that isn't finite ends the run after this step. */
export function writeAtStep(target: Variable, value: Tensor, guard = false): Effect {
  require(sameShape(target.shape.slice(1), value.shape) &&
    target.dtype ===
      value.dtype, `writeAtStep: [${value.shape}] isn't a row of ${target.name} [${target.shape}]`);
  return {
    name: 'stepWrite',
    inputs: [value],
    targets: [target],
    lower: ([x]) => ({
      opcode: 'stepWrite',
      tiles: 1,
      fields: { x, y: target, bytes: bytesOf(value), steps: target.shape[0]!, guard: Number(guard) },
      writes: ['y'],
    }),
  };
}

export interface SgdOptions {
  momentum?: number;
  /** L2 decay, added to the gradient. */
  decay?: number;
  nesterov?: boolean;
}

/** w moves against its gradient by SGD with momentum, as PyTorch defines it; v is the velocity, rate a scalar tensor. */
export function sgdUpdate(
  w: Variable,
  v: Variable,
  gradient: Tensor,
  rate: Tensor,
  { momentum = 0, decay = 0, nesterov = false }: SgdOptions,
): Effect {
  sameSizes('sgd', w, [v, gradient]);
  const n = size(w.shape);
  return {
    name: 'sgd',
    inputs: [gradient, rate],
    targets: [w, v],
    lower: ([g, r]) => ({
      opcode: 'sgd',
      tiles: elementTiles(n),
      fields: { n, w, v, g, rate: r, momentum, decay, nesterov: Number(nesterov) },
      writes: ['w', 'v'],
      local: ['w', 'v', 'g'],
    }),
  };
}

export interface AdamOptions {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** L2 decay, added to the gradient. */
  decay?: number;
}

/**
 * w moves by Adam (Kingma & Ba 2015, algorithm 1); m and v are the moments. `powers` [2] holds β₁ᵗ and β₂ᵗ for this
 * step's t = 1, 2, …
 */
export function adamUpdate(
  w: Variable,
  m: Variable,
  v: Variable,
  gradient: Tensor,
  rate: Tensor,
  powers: Tensor,
  options: AdamOptions,
): Effect {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = options;
  sameSizes('adam', w, [m, v, gradient]);
  require(size(powers.shape) === 2, 'adam: powers must hold two numbers');
  const n = size(w.shape);
  return {
    name: 'adam',
    inputs: [gradient, rate, powers],
    targets: [w, m, v],
    lower: ([g, r, p]) => ({
      opcode: 'adam',
      tiles: elementTiles(n),
      fields: { n, w, m, v, g, rate: r, powers: p, beta1, beta2, epsilon, decay },
      writes: ['w', 'm', 'v'],
      local: ['w', 'm', 'v', 'g'],
    }),
  };
}

/** Each column of w [in, out], a unit's incoming weights, is scaled down to an L2 norm of at most `limit`. */
export function maxNormLimit(w: Variable, limit: number): Effect {
  require(w.shape.length === 2 && limit > 0, `maxNorm: ${w.name} must be a matrix and the limit above 0`);
  const [rows, columns] = w.shape as [number, number];
  return {
    name: 'maxNorm',
    inputs: [],
    targets: [w],
    lower: () => ({
      opcode: 'maxNorm',
      tiles: elementTiles(columns),
      fields: { rows, columns, w, limit },
      writes: ['w'],
    }),
  };
}

function sameSizes(op: string, w: Variable, others: readonly Tensor[]): void {
  for (const other of others)
    require(size(other.shape) ===
      size(w.shape), `${op}: [${other.shape}] doesn't fit ${w.name} [${w.shape}]`);
}
