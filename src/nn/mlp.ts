import { demand } from '../errors.js';
import type { LayerSpec } from './layer-specs.js';
import { type Architecture, checkKeys, checkSpecs, type InputSpec } from './specs.js';

/** What mlp() takes besides the sizes of layers. */
export interface MlpOptions {
  /** The samples' input spec; its shape (default: a row) must have as many numbers as the first layer. */
  input?: Partial<InputSpec>;
  /** Shares of the input and of each hidden layer's units dropped during training (default 0). */
  dropout?: { input?: number; hidden?: number };
}

/**
 * A multilayer perceptron: mlp([784, 800, 800, 10]) lists inputs, units of each hidden layer, classes. Hidden layer i
 * is `layer<i>` (after its ReLU; before: `layer<i>:pre`), the last one `logits`.
 * @throws DistillError 'bad-argument'
 */
export function mlp(layers: readonly number[], options: MlpOptions = {}): Architecture {
  checkKeys('mlp', options as unknown, ['input', 'dropout']);
  const { input = {}, dropout = {} } = options;
  checkKeys("mlp's dropout", dropout as unknown, ['input', 'hidden']);
  demand(
    Array.isArray(layers) && layers.length >= 2,
    'mlp takes a list of at least two numbers: inputs, units of each hidden layer, classes',
  );
  const dropped = (rate = 0): LayerSpec[] => (rate === 0 ? [] : [{ dropout: rate }]);
  const hidden = layers
    .slice(1, -1)
    .flatMap((units, i): LayerSpec[] => [
      { name: `layer${i + 1}.dense`, dense: units },
      { name: `layer${i + 1}`, relu: true },
      ...dropped(dropout.hidden),
    ]);
  const architecture: Architecture = {
    input: { shape: [layers[0]!], ...input },
    layers: [...dropped(dropout.input), ...hidden, { name: 'logits', dense: layers.at(-1)! }],
  };
  checkSpecs(architecture);
  const numbers = architecture.input.shape.reduce((a, b) => a * b, 1);
  demand(
    numbers === layers[0],
    `mlp: ${layers[0]} inputs, but input.shape [${architecture.input.shape}] has ${numbers} numbers`,
  );
  return architecture;
}
