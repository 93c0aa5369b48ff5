import { demand } from '../errors.js';
import { atomsOf, everyLayer, isComposite, type PlacedAtom, type PlacedLayer } from './placed-layers.js';

/**
 * The layers behind names or places, those of a block or composite one by one.
 * @throws DistillError 'bad-argument' with the list of layers for a name that none has.
 */
export function frozenAtoms(layers: readonly PlacedLayer[], names: readonly string[]): Set<PlacedAtom> {
  return new Set(atomsOf(names.flatMap((name) => layersBehind(layers, name))));
}

/**
 * The places of all layers that are computed after the last one of this name or place: what isn't trained where a network
 * is trained up to it.
 */
export function layersAfter(layers: readonly PlacedLayer[], name: string): readonly string[] {
  const order = everyLayer(layers);
  const after = order.slice(order.indexOf(layersBehind(layers, name).at(-1)!) + 1);
  return after.filter((layer) => !isComposite(layer)).map(({ place }) => place);
}

/**
 * In the order in which they are computed. A block's weights are in layers that go by its name, a dot and more (`a.conv`,
 * `a.norm`), while its name alone is that of its activation.
 */
function layersBehind(layers: readonly PlacedLayer[], name: string): readonly PlacedLayer[] {
  const order = everyLayer(layers);
  const goesBy = (own: string) => own === name || own.startsWith(`${name}.`);
  const found = order.filter(({ path, place }) => goesBy(path) || goesBy(place));
  demand(
    found.length > 0,
    () =>
      `there is no layer ${JSON.stringify(name)} in the network: there are ${order.map(({ path }) => path).join(', ')}`,
  );
  return found;
}
