import { relu } from '../../ops/unary.js';
import type { LayerKind } from './layer.js';

/** max(x, 0). */
export const reluLayer: LayerKind<'relu'> = {
  isActivation: true,
  output: (_spec, input) => input,
  parameters: () => [],
  forward: (_spec, x) => ({ output: relu(x) }),
  multiplyAdds: () => 0,
};
