import { type Shape, size } from '../graph/shape.js';
import { everyLayer, isComposite, type PlacedLayer, parametersOf, placedLayers } from './placed-layers.js';
import type { Architecture } from './specs.js';

/** How many numbers are trained; state, such as running statistics, isn't counted. */
export function countParameters(architecture: Architecture): number {
  return trained({ parameters: parametersOf(architecture) });
}

/** Multiplications by weights in one prediction; twice as many operations. */
export function multiplyAdds(architecture: Architecture): number {
  return placedLayers(architecture).reduce((sum, layer) => sum + layer.multiplyAdds, 0);
}

/** What a layer makes of one sample, and what it costs. */
export interface LayerCost {
  /** Its name, or else its place: "4", inside a composite "4.0.2". */
  path: string;
  /** Its keyword in JSON. */
  kind: string;
  output: Shape;
  parameters: number;
  multiplyAdds: number;
}

/**
 * The layers of an architecture in the order in which they are computed: those inside a composite, which have all its
 * costs, before it.
 * @throws DistillError 'bad-argument' for an invalid architecture.
 */
export function layerCosts(architecture: Architecture): LayerCost[] {
  return everyLayer(placedLayers(architecture)).map((layer) => {
    const { path, kind, output } = layer;
    const own = isComposite(layer) ? { parameters: [], multiplyAdds: 0 } : layer;
    return { path, kind, output, parameters: trained(own), multiplyAdds: own.multiplyAdds };
  });
}

function trained({ parameters }: Pick<PlacedLayer, 'parameters'>): number {
  return parameters.filter(({ role }) => role !== 'state').reduce((sum, { shape }) => sum + size(shape), 0);
}
