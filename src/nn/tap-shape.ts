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
  const layers = everyLayer(placedLayers(architecture));
  const pre = tap.endsWith(':pre');
  const name = pre ? tap.slice(0, -':pre'.length) : tap;
  const found = layers.find(({ path, place }) => path === name || place === name);
  demand(
    found !== undefined && (!pre || isActivation(found)),
    () =>
      `${whose}: there is no layer ${JSON.stringify(tap)} to tap: there are ${layers.map(({ path }) => path).join(', ')}`,
  );
  return { shape: pre ? found.input : found.output, rectified: !pre && found.kind === 'relu' };
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
