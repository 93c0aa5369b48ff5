import { checkList, checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { bytesOf, sameShape, size } from '../graph/shape.js';
import {
  checkF32,
  checkTensor,
  checkVariable,
  type Effect,
  isTensor,
  type Tensor,
  type Variable,
} from '../graph/tensor.js';

/** target = value. */
export function assign(target: Variable, value: Tensor): Effect<'assign'> {
  checkVariable(target, 'assign');
  checkTensor(value, 'assign');
  demand(
    bytesOf(target) === bytesOf(value) && target.dtype === value.dtype && target.dtype !== 'u8',
    () => `assign: [${value.shape}] doesn't fit ${target.name} [${target.shape}]`,
  );
  return { effect: 'assign', inputs: [value], targets: [target], attributes: {} };
}

/** target[step mod rows] = value. A guarded value that isn't finite ends the run after this step (default: not guarded). */
export function writeAtStep(
  target: Variable,
  value: Tensor,
  options: { guard?: boolean } = {},
): Effect<'stepWrite'> {
  checkVariable(target, 'writeAtStep');
  checkTensor(value, 'writeAtStep');
  checkNames(options, 'writeAtStep', ['guard']);
  const { guard = false } = options;
  demand(
    sameShape(target.shape.slice(1), value.shape) && target.dtype === value.dtype,
    () => `writeAtStep: [${value.shape}] isn't a row of ${target.name} [${target.shape}]`,
  );
  return { effect: 'stepWrite', inputs: [value], targets: [target], attributes: { guard } };
}

/**
 * target[rows[i]] = value[i]: rows is i32 [n], value f32 [n, …row]. Rows below 0 or beyond the target are left out; of equal
 * ones the last counts.
 */
export function writeRows(target: Variable, rows: Tensor, value: Tensor): Effect<'rowsWrite'> {
  checkVariable(target, 'writeRows');
  checkTensor(rows, 'writeRows');
  checkTensor(value, 'writeRows');
  demand(
    rows.dtype === 'i32' && rows.shape.length === 1,
    () => `writeRows: the rows must be i32 [n], not ${rows.dtype} [${rows.shape}]`,
  );
  checkF32('writeRows', [target, value]);
  const needed = [...rows.shape, ...target.shape.slice(1)];
  demand(
    target.shape.length > 0 && sameShape(value.shape, needed),
    () =>
      `writeRows: [${value.shape}] isn't ${rows.shape} rows of ${target.name} [${target.shape}], which are [${needed}]`,
  );
  // Which of its rows would be read before they are written?
  demand(value !== target, () => `writeRows: ${target.name} can't be written with itself: take rows of it`);
  return { effect: 'rowsWrite', inputs: [value, rows], targets: [target], attributes: {} };
}

/** Of the options of every update. */
const SHARED_NAMES = ['gradient', 'rate', 'factor', 'decay'];

export interface SgdOptions {
  gradient: Tensor;
  /** The velocity, of w's shape. */
  velocity: Variable;
  /** The learning rate, a scalar. */
  rate: Tensor;
  /** A scalar that the gradient is first multiplied by, such as the factor for norm clipping (default: none). */
  factor?: Tensor | undefined;
  momentum?: number;
  /** L2 decay, added to the gradient. */
  decay?: number;
  nesterov?: boolean;
}

/** w moves against its gradient by SGD with momentum, as PyTorch defines it. */
export function sgdUpdate(w: Variable, options: SgdOptions): Effect<'sgd'> {
  checkNames(options, 'sgdUpdate', [...SHARED_NAMES, 'velocity', 'momentum', 'nesterov']);
  const { gradient, velocity, rate, factor, momentum = 0, decay = 0, nesterov = false } = options;
  checkParts('sgd', [w, velocity], [gradient, rate, ...(factor ? [factor] : [])]);
  sameSizes('sgd', w, [velocity, gradient]);
  return {
    effect: 'sgd',
    inputs: [gradient, rate, ...(factor ? [factor] : [])],
    targets: [w, velocity],
    attributes: { momentum, decay, nesterov },
  };
}

export interface AdamOptions {
  gradient: Tensor;
  /** First and second moments, of w's shape. */
  moments: readonly [Variable, Variable];
  /** The learning rate, a scalar. */
  rate: Tensor;
  /** β₁ᵗ and β₂ᵗ of this step's t = 1, 2, …: [2]. */
  powers: Tensor;
  /** A scalar that the gradient is first multiplied by (default: none). */
  factor?: Tensor | undefined;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** L2 decay, added to the gradient. */
  decay?: number;
}

/** w moves by Adam (Kingma & Ba 2015, algorithm 1). */
export function adamUpdate(w: Variable, options: AdamOptions): Effect<'adam'> {
  checkNames(options, 'adamUpdate', [...SHARED_NAMES, 'moments', 'powers', 'beta1', 'beta2', 'epsilon']);
  const { gradient, moments, rate, powers, factor } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = options;
  checkList(moments, 'the moments of adam', 'two variables', isTensor);
  checkParts('adam', [w, ...moments], [gradient, rate, powers, ...(factor ? [factor] : [])]);
  sameSizes('adam', w, [...moments, gradient]);
  demand(size(powers.shape) === 2, 'adam: powers must hold two numbers');
  return {
    effect: 'adam',
    inputs: [gradient, rate, powers, ...(factor ? [factor] : [])],
    targets: [w, ...moments],
    attributes: { beta1, beta2, epsilon, decay },
  };
}

/** Each column of w [in, out], a unit's incoming weights, is scaled down to an L2 norm of at most `limit`. */
export function maxNormLimit(w: Variable, limit: number): Effect<'maxNorm'> {
  checkVariable(w, 'maxNorm');
  demand(
    w.shape.length === 2 && limit > 0,
    () => `maxNorm: ${w.name} must be a matrix and the limit above 0`,
  );
  return { effect: 'maxNorm', inputs: [], targets: [w], attributes: { limit } };
}

function checkParts(op: string, targets: readonly unknown[], inputs: readonly unknown[]): void {
  for (const target of targets) checkVariable(target, op);
  for (const input of inputs) checkTensor(input, op);
}

function sameSizes(op: string, w: Variable, others: readonly Tensor[]): void {
  for (const other of others)
    demand(
      size(other.shape) === size(w.shape),
      () => `${op}: [${other.shape}] doesn't fit ${w.name} [${w.shape}]`,
    );
}
