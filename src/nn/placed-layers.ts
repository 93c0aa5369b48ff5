import { DistillError, demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { type LayerName, layerName, type SpecOf } from './layer-specs.js';
import { layerKinds } from './layers/index.js';
import type { ParameterSpec } from './layers/layer.js';
import { type Architecture, checkSpecs } from './specs.js';

/** A layer at its place in a network. Shapes are those of one sample. */
interface Placed<K extends LayerName> {
  /** Its name, or its place from 0. */
  readonly path: string;
  readonly kind: K;
  readonly spec: SpecOf<K>;
  /** Its place among the layers of its kind. */
  readonly index: number;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: readonly PlacedParameter[];
  readonly multiplyAdds: number;
}

/** Any layer; narrowing by `kind` types its spec. */
export type PlacedLayer = { [K in LayerName]: Placed<K> }[LayerName];

export interface PlacedParameter extends ParameterSpec {
  /** `<layer's path>.<suffix>` */
  readonly name: string;
}

/**
 * The layers in order, with everything that follows from their input's shape.
 * @throws DistillError 'bad-argument' for an invalid architecture, or one whose layers don't fit together.
 */
export function placedLayers(architecture: Architecture): readonly PlacedLayer[] {
  checkSpecs(architecture);
  const counts = new Map<LayerName, number>();
  const placed: PlacedLayer[] = [];
  let shape = architecture.input.shape;
  architecture.layers.forEach((spec, i) => {
    const kind = layerName(spec);
    const index = counts.get(kind) ?? 0;
    counts.set(kind, index + 1);
    const layer = placedLayer(kind, spec, spec.name ?? String(i), index, shape);
    placed.push(layer);
    shape = layer.output;
  });
  demand(
    placed.some(({ parameters }) => parameters.some(({ role }) => role === 'weight')),
    'the architecture has no layer with weights: end it with one of the classes, such as {"dense": 10}',
  );
  demand(
    shape.length === 1,
    `the network ends with outputs of shape [${shape}]: end it with a row of classes, such as {"dense": 10}`,
  );
  return placed;
}

function placedLayer<K extends LayerName>(
  kind: K,
  spec: SpecOf<K>,
  path: string,
  index: number,
  input: Shape,
): PlacedLayer {
  const rules = layerKinds[kind];
  try {
    const parameters = rules
      .parameters(spec, input)
      .map((parameter) => ({ ...parameter, name: `${path}.${parameter.suffix}` }));
    const placed: Placed<K> = {
      ...{ path, kind, spec, index, input, parameters },
      output: rules.output(spec, input),
      multiplyAdds: rules.multiplyAdds(spec, input),
    };
    // TypeScript can't see that Placed<K> for one K is a member of the union over all of them.
    return placed as unknown as PlacedLayer;
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    throw new DistillError(cause.code, `layer ${path}: ${cause.message}`, { cause });
  }
}

/** All parameters, in the order used by files and hashes. */
export function parametersOf(architecture: Architecture): readonly PlacedParameter[] {
  return placedLayers(architecture).flatMap(({ parameters }) => parameters);
}

/** The last layer with weights: its inputs are the features, its outputs the classes. */
export function classLayer(layers: readonly PlacedLayer[]): PlacedLayer {
  // Every architecture has one such layer.
  return layers.filter(({ parameters }) => parameters.some(({ role }) => role === 'weight')).at(-1)!;
}
