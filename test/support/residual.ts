import { type Engine, parseShorthand, trainEpochs } from 'wasm-distill';
import { syntheticData } from './golden.ts';

/** A network's weights by name, and its mean loss, after training. */
export interface Trained {
  loss: number;
  weights: Record<string, readonly number[]>;
}

/**
 * Ten steps of a small residual network with batch norm, by the default recipe: five images of 8×8 in each, shifted by
 * up to a pixel, three classes.
 */
export async function tenSteps(engine: Engine): Promise<Trained> {
  const epochs = trainEpochs(engine, {
    architecture: parseShorthand('8x8x1 conv4 res4 gap dense3').architecture,
    data: syntheticData(50, 3, 8),
    epochs: 1,
    seed: 1,
    batch: 5,
    augment: [{ shift: 1 }],
  });
  for await (const { loss, model } of epochs) {
    const weights = [...model.weights].map(([name, values]) => [name, [...values]] as const);
    return { loss, weights: Object.fromEntries(weights) };
  }
  throw new Error('a training of one epoch had none');
}

/** How far two trainings are apart at most, in their loss and in each weight, for its magnitude added to one. */
export function distance(got: Trained, expected: Trained): number {
  const between = (a: number, b: number) => Math.abs(a - b) / (1 + Math.abs(b));
  const weights = Object.entries(expected.weights).flatMap(([name, values]) =>
    values.map((value, i) => between(got.weights[name]![i]!, value)),
  );
  return Math.max(between(got.loss, expected.loss), ...weights);
}
