import type { Architecture, LayerSpec } from 'wasm-distill';
import { shorthandOf } from 'wasm-distill/graph';

/** Units of a perceptron's layers, inputs and classes included: [784, 800, 800, 10]; other networks in shorthand. */
export function layersOf(architecture: Architecture): number[] | string {
  const { input, layers } = architecture;
  if (!layers.every(isOfPerceptron)) return shorthandOf(architecture, { names: false });
  const inputs = input.shape.reduce((product, n) => product * n, 1);
  return [inputs, ...layers.flatMap((layer) => ('dense' in layer ? [layer.dense] : []))];
}

function isOfPerceptron(layer: LayerSpec): boolean {
  return ['dense', 'relu', 'dropout', 'flatten'].some((kind) => kind in layer);
}
