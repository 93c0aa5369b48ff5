import { demand } from '../errors.js';
import { atomsOf, everyLayer, isComposite, type PlacedAtom, type PlacedLayer } from './placed-layers.js';
import { layerCalled } from './tap-shape.js';

/**
 * The layers behind names or places, those of a composite one by one.
 * @throws DistillError 'bad-argument' with the list of layers for a name that none has.
 */
export function frozenAtoms(layers: readonly PlacedLayer[], names: readonly string[]): Set<PlacedAtom> {
  const found = names.map((name) => knownLayer(layers, name));
  return new Set(found.flatMap((layer) => (isComposite(layer) ? atomsOf([layer]) : [layer])));
}

/**
 * The places of all layers that are computed after the one of this name or place: what isn't trained where a network is
 * trained up to it.
 */
export function layersAfter(layers: readonly PlacedLayer[], name: string): readonly string[] {
  const order = everyLayer(layers);
  const after = order.slice(order.indexOf(knownLayer(layers, name)) + 1);
  return after.filter((layer) => !isComposite(layer)).map(({ place }) => place);
}

function knownLayer(layers: readonly PlacedLayer[], name: string): PlacedLayer {
  const order = everyLayer(layers);
  const found = layerCalled(order, name);
  demand(
    found !== undefined,
    () =>
      `there is no layer ${JSON.stringify(name)} in the network: there are ${order.map(({ path }) => path).join(', ')}`,
  );
  return found;
}
