import { checkBoolean, checkNames, checkNumber, checkWord, isPositive } from '../checks.js';
import { demand } from '../errors.js';
import { type Effect, fill, type Tensor, type Variable, variable } from '../graph/tensor.js';
import type { Parameter } from '../nn/network.js';
import { add, divide } from '../ops/binary.js';
import { adamUpdate, maxNormLimit, sgdUpdate } from '../ops/effects.js';
import { sumOfSquares } from '../ops/sum-of-squares.js';
import { relu, scale, shift, sqrt } from '../ops/unary.js';

/** How gradients move parameters. */
export interface Optimizer {
  readonly kind: 'sgd' | 'adam';
  /** Momentum of SGD (default 0.9). */
  readonly momentum?: number;
  /** Nesterov momentum in SGD (default false). */
  readonly nesterov?: boolean;
  /** L2 decay of weights and biases, not of batch norm's scales and shifts (default 0). */
  readonly decay?: number;
  /** Greatest L2 norm of a dense unit's incoming weights (default: none). */
  readonly maxNorm?: number;
}

/** β₁ and β₂ of Adam (Kingma & Ba 2015). */
export const BETAS = { beta1: 0.9, beta2: 0.999 };

/** @throws DistillError 'bad-argument' for an invalid optimizer. */
export function checkOptimizer(optimizer: Optimizer): void {
  checkNames(optimizer, 'the optimizer', ['kind', 'momentum', 'nesterov', 'decay', 'maxNorm']);
  checkWord(optimizer.kind, "the optimizer's kind", ['sgd', 'adam']);
  for (const name of ['momentum', 'nesterov'] as const)
    demand(
      optimizer.kind === 'sgd' || optimizer[name] === undefined,
      () => `the optimizer has ${name}, which is for 'sgd': Adam has no such option`,
    );
  const { momentum = 0, nesterov = false, decay = 0, maxNorm = 1 } = optimizer;
  checkNumber(momentum, 'the momentum', 'a number from 0 to less than 1', (m) => m >= 0 && m < 1);
  checkNumber(decay, 'the decay', 'a number of at least 0', (d) => d === 0 || isPositive(d));
  checkNumber(maxNorm, 'maxNorm', 'a positive number', isPositive);
  checkBoolean(nesterov, 'nesterov');
}

export interface Updates {
  /** Velocities or moments: part of a checkpoint. */
  slots: Variable<'f32'>[];
  effects: Effect[];
}

export interface UpdateOptions {
  optimizer: Optimizer;
  parameters: readonly Parameter[];
  /** Of each parameter. */
  gradients: readonly Tensor[];
  /** The learning rate, a scalar. */
  rate: Tensor;
  /** β₁ᵗ and β₂ᵗ of the step. */
  powers: Tensor;
  /** Greatest global norm of the gradients. */
  clip: number | 'none';
}

/** The effects that move every parameter; last layers first, the order in which backpropagation yields gradients. */
export function updates({ optimizer, parameters, gradients, rate, powers, clip }: UpdateOptions): Updates {
  const slots: Variable<'f32'>[] = [];
  const slot = (name: string, like: Variable): Variable<'f32'> => {
    const made = variable(`${like.name}.${name}`, like.shape);
    slots.push(made);
    return made;
  };
  // Last layers first: each sum of squares is computed while its gradient is in the cache.
  const factor = clip === 'none' ? undefined : clipFactor([...gradients].reverse(), clip);
  const effects = parameters.map(({ variable: p, role }, i) => {
    const { momentum = 0.9, nesterov = false, decay = 0, maxNorm } = optimizer;
    const decays = role === 'weight' || role === 'bias';
    const shared = { gradient: gradients[i]!, rate, factor, decay: decays ? decay : 0 };
    const move =
      optimizer.kind === 'adam'
        ? adamUpdate(p, { ...shared, moments: [slot('m', p), slot('v', p)], powers, ...BETAS })
        : sgdUpdate(p, { ...shared, velocity: slot('velocity', p), momentum, nesterov });
    const limited = maxNorm !== undefined && role === 'weight' && p.shape.length === 2;
    return limited ? [move, maxNormLimit(p, maxNorm)] : [move];
  });
  return { slots, effects: effects.reverse().flat() };
}

/**
 * What all gradients are multiplied by to bring their global norm to at most `clip`: clip / max(norm, clip), exactly 1
 * if there is nothing to do. NaN where the norm isn't finite, so that the run ends as diverged: a factor of 0 would let
 * it go on without learning.
 */
function clipFactor(gradients: readonly Tensor[], clip: number): Tensor {
  const norm = sqrt(sumOfSquares(gradients));
  const longest = shift(relu(shift(norm, -clip)), clip);
  return add(divide(fill(clip, []), longest), scale(norm, 0));
}

/** β₁ᵗ and β₂ᵗ for the steps [from, to), t = step + 1, by repeated multiplication. */
export function adamPowers(from: number, to: number): Float32Array {
  const powers = new Float32Array(2 * (to - from));
  let first = 1;
  let second = 1;
  // Both underflow to 0 within a million steps, where the array already is.
  for (let step = 0; step < to && second > 0; step++) {
    first *= BETAS.beta1;
    second *= BETAS.beta2;
    if (step >= from) powers.set([first, second], 2 * (step - from));
  }
  return powers;
}
