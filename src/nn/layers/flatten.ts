import { size } from '../../graph/shape.js';
import type { Tensor } from '../../graph/tensor.js';
import { reshape } from '../../ops/reshape.js';
import type { LayerKind } from './layer.js';

/** All numbers of a sample in one row, in memory order. */
export const flattenLayer: LayerKind<'flatten'> = {
  output: (_spec, input) => [size(input)],
  parameters: () => [],
  forward: (_spec, x) => ({ output: flattened(x) }),
  multiplyAdds: () => 0,
};

/** x [batch, …] as [batch, numbers]. */
export function flattened(x: Tensor): Tensor {
  return reshape(x, [x.shape[0]!, size(x.shape.slice(1))]);
}
