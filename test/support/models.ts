import { type Architecture, type InputSpec, makeDataset, mlp, type TrainedModel } from 'wasm-distill';
import { network } from 'wasm-distill/graph';

/** Numbers in (−1, 1), the same everywhere. */
export function numbers(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  };
}

/** A model with random weights and biases of a size that keeps activations as large as inputs. */
export function randomModel(
  layers: readonly number[],
  seed = 1,
  input: Partial<InputSpec> = {},
): TrainedModel {
  return randomlyTrained(mlp(layers, { input }), seed);
}

/** The same of any architecture. */
export function randomlyTrained(architecture: Architecture, seed = 1): TrainedModel {
  const next = numbers(seed);
  const weights = network(architecture).parameters.map(
    ({ name, shape, role, fanIn }): [string, Float32Array] => {
      const size = shape.reduce((product, n) => product * n, 1);
      const limit = Math.sqrt(6 / (role === 'weight' ? fanIn : 10));
      return [name, Float32Array.from({ length: size }, () => limit * next())];
    },
  );
  return { architecture, weights: new Map(weights) };
}

/** n images of some pixels, a third of them black, for the library; and the same bytes. */
export function randomImages(n: number, pixels: number, classes: number) {
  const next = numbers(n + pixels);
  const images = Uint8Array.from({ length: n * pixels }, () => Math.max(0, Math.floor(next() * 192 + 64)));
  const data = makeDataset({
    inputs: { shape: [1, pixels, 1], values: images },
    labels: new Uint8Array(n),
    classes,
  });
  return { data, images };
}
