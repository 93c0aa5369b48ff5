import { DistillError, demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import {
  type AtomSpec,
  branchesOf,
  type ConcatSpec,
  type LayerName,
  type LayerSpec,
  layerName,
  type SpecOf,
  type SumSpec,
} from './layer-specs.js';
import { type CompositeName, compositeKinds } from './layers/composite.js';
import { layerKinds } from './layers/index.js';
import type { ParameterSpec } from './layers/layer.js';
import { type Architecture, checkSpecs, pathOf } from './specs.js';

/** A layer or composite at its place in a network. Shapes are those of one sample. */
interface Place {
  /** Its name, or its place from 0: "4", inside a composite "4.0.2" or "mid.0.2". */
  readonly path: string;
  /** Its place in numbers alone. */
  readonly place: string;
  readonly input: Shape;
  readonly output: Shape;
  /** In the order used by files and hashes; a composite's are those of its branches. */
  readonly parameters: readonly PlacedParameter[];
  readonly multiplyAdds: number;
}

interface Placed<K extends LayerName> extends Place {
  readonly kind: K;
  readonly spec: SpecOf<K>;
  /** Its place among the layers of its kind. */
  readonly index: number;
}

/** A layer that isn't composed of others; narrowing by `kind` types its spec. */
export type PlacedAtom = { [K in LayerName]: Placed<K> }[LayerName];

export interface PlacedComposite extends Place {
  readonly kind: CompositeName;
  readonly spec: SumSpec | ConcatSpec;
  readonly branches: readonly (readonly PlacedLayer[])[];
}

export type PlacedLayer = PlacedAtom | PlacedComposite;

export interface PlacedParameter extends ParameterSpec {
  /** `<layer's path>.<suffix>` */
  readonly name: string;
}

/** How many layers of each kind there are so far. */
type Counts = Map<LayerName, number>;

/**
 * The layers in order, with everything that follows from their input's shape.
 * @throws DistillError 'bad-argument' for an invalid architecture, or one whose layers don't fit together.
 */
export function placedLayers(architecture: Architecture): readonly PlacedLayer[] {
  checkSpecs(architecture);
  const { input, layers } = architecture;
  const placed = placedList(layers, { path: '', place: '' }, input.shape, new Map());
  demand(
    atomsOf(placed).some(hasWeights),
    'the architecture has no layer with weights: end it with one of the classes, such as {"dense": 10}',
  );
  const shape = outputOf(placed, input.shape);
  demand(
    shape.length === 1,
    `the network ends with outputs of shape [${shape}]: end it with a row of classes, such as {"dense": 10}`,
  );
  return placed;
}

function placedList(
  layers: readonly LayerSpec[],
  prefix: Pick<Place, 'path' | 'place'>,
  input: Shape,
  counts: Counts,
): PlacedLayer[] {
  const placed: PlacedLayer[] = [];
  layers.forEach((spec, i) => {
    const at = { path: pathOf(spec, `${prefix.path}${i}`), place: `${prefix.place}${i}` };
    placed.push(placedLayer(spec, at, outputOf(placed, input), counts));
  });
  return placed;
}

/**
 * The shape of what layers make of an input.
 * @throws DistillError 'bad-argument' for layers that don't fit together.
 */
export function shapeAfter(layers: readonly LayerSpec[], input: Shape): Shape {
  return outputOf(placedList(layers, { path: '', place: '' }, input, new Map()), input);
}

/** What a list of layers makes of an input. */
function outputOf(layers: readonly PlacedLayer[], input: Shape): Shape {
  return layers.at(-1)?.output ?? input;
}

function placedLayer(
  spec: LayerSpec,
  at: Pick<Place, 'path' | 'place'>,
  input: Shape,
  counts: Counts,
): PlacedLayer {
  if ('sum' in spec) return placedComposite('sum', spec, at, input, counts);
  if ('concat' in spec) return placedComposite('concat', spec, at, input, counts);
  return placedAtom(layerName(spec), spec, at, input, counts);
}

function placedComposite(
  kind: CompositeName,
  spec: SumSpec | ConcatSpec,
  at: Pick<Place, 'path' | 'place'>,
  input: Shape,
  counts: Counts,
): PlacedComposite {
  const branches = branchesOf(spec)!.map((branch, b) =>
    placedList(branch, { path: `${at.path}.${b}.`, place: `${at.place}.${b}.` }, input, counts),
  );
  const shapes = branches.map((branch) => outputOf(branch, input));
  const inside = branches.flat();
  return {
    ...{ ...at, kind, spec, branches, input },
    output: inLayer(at.path, () => compositeKinds[kind].output(shapes)),
    parameters: inside.flatMap(({ parameters }) => parameters),
    multiplyAdds: inside.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
  };
}

function placedAtom<K extends LayerName>(
  kind: K,
  spec: AtomSpec & SpecOf<K>,
  at: Pick<Place, 'path' | 'place'>,
  input: Shape,
  counts: Counts,
): PlacedAtom {
  const index = counts.get(kind) ?? 0;
  counts.set(kind, index + 1);
  const rules = layerKinds[kind];
  return inLayer(at.path, () => {
    const placed: Placed<K> = {
      ...{ ...at, kind, spec, index, input },
      output: rules.output(spec, input),
      parameters: rules
        .parameters(spec, input)
        .map((parameter) => ({ ...parameter, name: `${at.path}.${parameter.suffix}` })),
      multiplyAdds: rules.multiplyAdds(spec, input),
    };
    // TypeScript can't see that Placed<K> for one K is a member of the union over all of them.
    return placed as unknown as PlacedAtom;
  });
}

/** Errors inside name the layer. */
export function inLayer<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    throw new DistillError(cause.code, `layer ${path}: ${cause.message}`, { cause });
  }
}

/** All layers that aren't composed of others, in order. */
export function atomsOf(layers: readonly PlacedLayer[]): readonly PlacedAtom[] {
  return layers.flatMap((layer) => (isComposite(layer) ? layer.branches.flatMap(atomsOf) : [layer]));
}

/** Composites' layers, each branch in order, then the composite: the order in which they are computed. */
export function everyLayer(layers: readonly PlacedLayer[]): readonly PlacedLayer[] {
  return layers.flatMap((layer) =>
    isComposite(layer) ? [...layer.branches.flatMap(everyLayer), layer] : [layer],
  );
}

export function isComposite(layer: PlacedLayer): layer is PlacedComposite {
  return layer.kind === 'sum' || layer.kind === 'concat';
}

/** All parameters, in the order used by files and hashes. */
export function parametersOf(architecture: Architecture): readonly PlacedParameter[] {
  return placedLayers(architecture).flatMap(({ parameters }) => parameters);
}

/** The last layer with weights: its inputs are the features, its outputs the classes. */
export function classLayer(layers: readonly PlacedLayer[]): PlacedAtom {
  // Every architecture has one such layer.
  return atomsOf(layers).filter(hasWeights).at(-1)!;
}

function hasWeights({ parameters }: PlacedLayer): boolean {
  return parameters.some(({ role }) => role === 'weight');
}
