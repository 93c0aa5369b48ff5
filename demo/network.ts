import { type Architecture, parseShorthand } from 'wasm-distill';

/** A network of MNIST's bytes. It says so itself: then a job's words tell all that its weights mean. */
export function networkOf(shorthand: string): Architecture {
  const input = {
    shape: [28, 28, 1],
    values: 'bytes',
    normalization: { mean: [0], deviation: [255] },
  } as const;
  return parseShorthand(shorthand, { input, classes: 10 }).architecture;
}
