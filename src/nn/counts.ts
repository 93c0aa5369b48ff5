import { size } from '../graph/shape.js';
import { parametersOf, placedLayers } from './placed-layers.js';
import type { Architecture } from './specs.js';

/** How many numbers are trained; state, such as running statistics, isn't counted. */
export function countParameters(architecture: Architecture): number {
  return parametersOf(architecture)
    .filter(({ role }) => role !== 'state')
    .reduce((sum, { shape }) => sum + size(shape), 0);
}

/** Multiplications by weights in one prediction; twice as many operations. */
export function multiplyAdds(architecture: Architecture): number {
  return placedLayers(architecture).reduce((sum, layer) => sum + layer.multiplyAdds, 0);
}
