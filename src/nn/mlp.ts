import { demand } from '../errors.js';
import { type Effect, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { dropout as dropUnits } from '../ops/dropout.js';
import { assign } from '../ops/effects.js';
import { dense } from '../ops/matmul.js';
import { normal } from '../ops/random.js';
import { relu } from '../ops/unary.js';

/** What a model is, as plain data: kept in files, hashed into fingerprints. */
export interface Architecture {
  kind: 'mlp';
  /** Units of each layer, inputs and classes included: [784, 800, 800, 10]. ReLU between layers, logits at the end. */
  layers: readonly number[];
}

/** A model in the graph: its parameters, and its logits as a function of a batch. */
export interface Model {
  readonly architecture: Architecture;
  readonly parameters: readonly Variable<'f32'>[];
  /** x [batch, inputs] → logits [batch, classes]. */
  logits(x: Tensor, dropout?: Dropout): Tensor;
  /** What each layer puts out, [batch, units], from the first hidden one (after its ReLU) to the logits. */
  outputs(x: Tensor, dropout?: Dropout): Tensor[];
}

export interface Dropout {
  /** Share of the inputs that is dropped. */
  input: number;
  /** Share of each hidden layer's units that is dropped. */
  hidden: number;
}

/** A multilayer perceptron with fresh variables, all zero until initialized or written. `prefix` goes before names. */
export function mlp(layers: readonly number[], prefix = ''): Model {
  demand(
    layers.length >= 2 && layers.every((n) => Number.isInteger(n) && n >= 1),
    `layers must be at least two positive whole numbers (inputs, …, classes), not [${layers}]`,
  );
  const weights = layers.slice(1).map((units, i) => ({
    w: variable(`${prefix}layer${i + 1}.weight`, [layers[i]!, units]),
    b: variable(`${prefix}layer${i + 1}.bias`, [units]),
  }));
  const outputs = (x: Tensor, dropout = { input: 0, hidden: 0 }): Tensor[] => {
    let h = dropUnits(x, { rate: dropout.input, stream: { kind: 'dropout', index: 0 } });
    return weights.map(({ w, b }, i) => {
      h = dense(h, w, b);
      if (i < weights.length - 1)
        h = dropUnits(relu(h), {
          rate: dropout.hidden,
          stream: { kind: 'dropout', index: 1 + i },
        });
      return h;
    });
  };
  return {
    architecture: { kind: 'mlp', layers: [...layers] },
    parameters: weights.flatMap(({ w, b }) => [w, b]),
    outputs,
    logits: (x, dropout) => outputs(x, dropout).at(-1)!,
  };
}

/** 'he': N(0, √(2/inputs)) (He et al. 2015), or a number: the deviation for every layer. */
export type Initializer = 'he' | number;

/** Sets weights from the run's seed, biases to 0. */
export function initialize(model: Model, initializer: Initializer): Effect[] {
  return model.parameters
    .filter((p) => p.shape.length === 2)
    .map((w, i) =>
      assign(
        w,
        normal(w.shape, {
          deviation: initializer === 'he' ? Math.sqrt(2 / w.shape[0]!) : initializer,
          stream: { kind: 'weights', index: i },
        }),
      ),
    );
}

/** Number of weights and biases. */
export function countParameters({ layers }: Architecture): number {
  return layers.slice(1).reduce((sum, units, i) => sum + (layers[i]! + 1) * units, 0);
}
