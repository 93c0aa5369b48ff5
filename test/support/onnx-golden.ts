import { floats, node, numbers, onnxFile, value } from './onnx-graphs.ts';

/** SHA-256 of the convolutional teacher's logits: the same bits in Node and in Chromium. */
export const CONVOLUTIONAL = '84326cbcd408f49a771684972ca2fee7b499c9a8234bdeaad18fde51645f81dd';

/** Convolution, pooling, a product and a softmax, exported for one sample, channels first. */
export function convolutional(): Uint8Array {
  return onnxFile({
    nodes: [
      node('Conv', ['x', 'w1', 'b1'], 'c', { pads: { ints: [1, 1, 1, 1] }, kernel_shape: { ints: [3, 3] } }),
      node('Relu', ['c'], 'r'),
      node('MaxPool', ['r'], 'p', { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } }),
      node('Flatten', ['p'], 'f'),
      node('Gemm', ['f', 'w2', 'b2'], 'z'),
      node('Softmax', ['z'], 'y', { axis: { int: -1 } }),
    ],
    inputs: [value('x', [1, 3, 8, 8])],
    outputs: [value('y', [1, 5])],
    initializers: [
      floats('w1', [8, 3, 3, 3], numbers(216, 1)),
      floats('b1', [8], numbers(8, 2)),
      floats('w2', [128, 5], numbers(640, 3)),
      floats('b2', [5], numbers(5, 4)),
    ],
  });
}

export function convolutionalRows() {
  return {
    shape: [8, 8, 3],
    values: Uint8Array.from({ length: 40 * 192 }, (_, i) => (i * 89 + (i >> 4) * 13) % 256),
  };
}
