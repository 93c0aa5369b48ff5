import { size } from '../../graph/shape.js';
import { dense, matmul } from '../../ops/matmul.js';
import { flattened } from './flatten.js';
import { biasOf } from './images.js';
import type { LayerKind } from './layer.js';

/** x·W + b over all numbers of the input, whatever its shape: W [inputs, units], b [units]. */
export const denseLayer: LayerKind<'dense'> = {
  output: ({ dense: units }) => [units],
  parameters: ({ dense: units, bias }, input) => {
    const fanIn = size(input);
    return [
      { suffix: 'weight', shape: [fanIn, units], role: 'weight', fanIn, begins: 'initializer' },
      ...biasOf(units, fanIn, bias),
    ];
  },
  forward: (_spec, x, { weight, bias }) => ({
    output: bias ? dense(flattened(x), weight!, bias) : matmul(flattened(x), weight!),
  }),
  multiplyAdds: ({ dense: units }, input) => size(input) * units,
};
