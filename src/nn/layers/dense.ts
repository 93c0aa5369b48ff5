import { size } from '../../graph/shape.js';
import { dense } from '../../ops/matmul.js';
import { flattened } from './flatten.js';
import type { LayerKind } from './layer.js';

/** x·W + b over all numbers of the input, whatever its shape: W [inputs, units], b [units]. */
export const denseLayer: LayerKind<'dense'> = {
  output: ({ dense: units }) => [units],
  parameters: ({ dense: units }, input) => {
    const fanIn = size(input);
    return [
      { suffix: 'weight', shape: [fanIn, units], role: 'weight', fanIn, begins: 'initializer' },
      { suffix: 'bias', shape: [units], role: 'bias', fanIn, begins: 0 },
    ];
  },
  forward: (_spec, x, own) => ({ output: dense(flattened(x), own.weight!, own.bias!) }),
  multiplyAdds: ({ dense: units }, input) => size(input) * units,
};
