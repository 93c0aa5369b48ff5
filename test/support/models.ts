import { makeDataset, mlp, type TrainedModel } from 'wasm-distill';

/** Numbers in (−1, 1), the same everywhere. */
export function numbers(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  };
}

/** A model with random weights and biases of a size that keeps activations as large as inputs. */
export function randomModel(layers: readonly number[], seed = 1): TrainedModel {
  const next = numbers(seed);
  const { architecture, parameters } = mlp(layers);
  const weights = parameters.map(({ name, shape }): [string, Float32Array] => {
    const size = shape.reduce((product, n) => product * n, 1);
    const limit = Math.sqrt(6 / (shape.length === 2 ? shape[0]! : 10));
    return [name, Float32Array.from({ length: size }, () => limit * next())];
  });
  return { architecture, weights: new Map(weights) };
}

/** n images of some pixels, a third of them black, for the library; and the same numbers as it makes of them. */
export function randomImages(n: number, pixels: number, classes: number) {
  const next = numbers(n + pixels);
  const images = Uint8Array.from({ length: n * pixels }, () => Math.max(0, Math.floor(next() * 192 + 64)));
  const data = makeDataset(
    { shape: [n, 1, pixels], data: images },
    { shape: [n], data: new Uint8Array(n) },
    classes,
    'test images',
  );
  return { data, inputs: toInputs(images) };
}

/** Bytes 0 … 255 as the library scales them: a product with the f32 nearest to 1/255, not a quotient. */
export function toInputs(images: Uint8Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(images, (pixel) => pixel * Math.fround(1 / 255));
}
