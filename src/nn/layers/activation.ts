import type { Tensor } from '../../graph/tensor.js';
import type { LayerName, SpecOf } from '../layer-specs.js';
import type { LayerKind } from './layer.js';

/** A function of single numbers, without parameters. */
export function activation<K extends LayerName>(of: (x: Tensor, spec: SpecOf<K>) => Tensor): LayerKind<K> {
  return {
    isActivation: true,
    output: (_spec, input) => input,
    parameters: () => [],
    forward: (spec, x) => ({ output: of(x, spec) }),
    multiplyAdds: () => 0,
  };
}
