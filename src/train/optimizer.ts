import { type Effect, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { adamUpdate, maxNormLimit, sgdUpdate } from '../ops/effects.js';

/** How parameters move along their gradients. */
export interface Optimizer {
  kind: 'sgd' | 'adam';
  /** Momentum of SGD (default 0.9). */
  momentum?: number;
  nesterov?: boolean;
  /** L2 decay of weights and biases (default 0). */
  decay?: number;
  /** Greatest L2 norm of a unit's incoming weights (default: none). */
  maxNorm?: number;
}

/** β₁ and β₂ of Adam (Kingma & Ba 2015). */
export const BETAS = { beta1: 0.9, beta2: 0.999 };

export interface Updates {
  /** Velocities or moments: part of a checkpoint. */
  slots: Variable<'f32'>[];
  effects: Effect[];
}

/** The effects that move every parameter; last layers first, the order in which backpropagation makes gradients. */
export function updates(
  optimizer: Optimizer,
  parameters: readonly Variable[],
  gradients: readonly Tensor[],
  rate: Tensor,
  powers: Tensor,
): Updates {
  const slots: Variable<'f32'>[] = [];
  const slot = (name: string, like: Variable): Variable<'f32'> => {
    const made = variable(`${like.name}.${name}`, like.shape);
    slots.push(made);
    return made;
  };
  const effects = parameters.map((p, i) => {
    const { momentum = 0.9, nesterov = false, decay = 0, maxNorm } = optimizer;
    const gradient = gradients[i]!;
    const move =
      optimizer.kind === 'adam'
        ? adamUpdate(p, { gradient, moments: [slot('m', p), slot('v', p)], rate, powers, ...BETAS, decay })
        : sgdUpdate(p, { gradient, velocity: slot('velocity', p), rate, momentum, nesterov, decay });
    return maxNorm !== undefined && p.shape.length === 2 ? [move, maxNormLimit(p, maxNorm)] : [move];
  });
  return { slots, effects: effects.reverse().flat() };
}

/** β₁ᵗ and β₂ᵗ for the steps [from, to), t = step + 1, by repeated multiplication. */
export function adamPowers(from: number, to: number): Float32Array {
  const powers = new Float32Array(2 * (to - from));
  let first = 1;
  let second = 1;
  for (let step = 0; step < to; step++) {
    first *= BETAS.beta1;
    second *= BETAS.beta2;
    if (step >= from) powers.set([first, second], 2 * (step - from));
  }
  return powers;
}
