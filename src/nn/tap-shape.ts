import { demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { layerKinds } from './layers/index.js';
import { classLayer, everyLayer, isComposite, type PlacedLayer, placedLayers } from './placed-layers.js';
import type { Architecture } from './specs.js';

/** What a tap of a network answers: Activations.at() without a graph. */
export interface Tap {
  /** Of one sample. */
  readonly shape: Shape;
  /** Whether it is the output of a ReLU. */
  readonly rectified: boolean;
}

/**
 * @param tap A layer's name or place, an activation's with `:pre` for its input.
 * @param whose For the error: 'the student'.
 * @throws DistillError 'bad-argument' with the list of layers for a tap that there isn't.
 */
export function tapOf(architecture: Architecture, tap: string, whose: string): Tap {
  const { layer, pre } = tapped(everyLayer(placedLayers(architecture)), tap, whose);
  return { shape: pre ? layer.input : layer.output, rectified: !pre && layer.kind === 'relu' };
}

/** Where among all layers, as they are computed, that of a tap is. @throws DistillError as tapOf() does. */
export function tapPlace(architecture: Architecture, tap: string, whose: string): number {
  const layers = everyLayer(placedLayers(architecture));
  return layers.indexOf(tapped(layers, tap, whose).layer);
}

/** Which layer a tap is of, and whether it is its input. */
function tapped(
  layers: readonly PlacedLayer[],
  tap: string,
  whose: string,
): { layer: PlacedLayer; pre: boolean } {
  const pre = tap.endsWith(':pre');
  const name = pre ? tap.slice(0, -':pre'.length) : tap;
  const layer = layers.find(({ path, place }) => path === name || place === name);
  demand(
    layer !== undefined && (!pre || isActivation(layer)),
    () =>
      `${whose}: there is no layer ${JSON.stringify(tap)} to tap: there are ${layers.map(({ path }) => path).join(', ')}`,
  );
  return { layer, pre };
}

/** How many numbers a tap has for one sample; by default the features, what the last layer with weights takes. */
export function unitsAt(architecture: Architecture, tap: string | undefined, whose: string): number {
  if (tap !== undefined) return size(tapOf(architecture, tap, whose).shape);
  return size(classLayer(placedLayers(architecture)).input);
}

/** Whether `:pre` names its input. */
export function isActivation(layer: PlacedLayer): boolean {
  return !isComposite(layer) && layerKinds[layer.kind].isActivation === true;
}
