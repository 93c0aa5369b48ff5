import { demand } from '../errors.js';
import type { Effect, Tensor } from '../graph/tensor.js';
import type { LayerName, SpecOf } from './layer-specs.js';
import { compositeKinds } from './layers/composite.js';
import { flattened } from './layers/flatten.js';
import { layerKinds } from './layers/index.js';
import type { LayerContext, Mode, Variables } from './layers/layer.js';
import {
  classLayer,
  everyLayer,
  inLayer,
  isComposite,
  type PlacedAtom,
  type PlacedLayer,
} from './placed-layers.js';
import { isActivation } from './tap-shape.js';

/** What a network computes from a batch. */
export interface Activations {
  /** [batch, classes] */
  readonly logits: Tensor;
  /** The input of the last layer with weights, [batch, units]. */
  readonly features: Tensor;
  /**
   * A layer's output, by its name or else its place ("0", "1", …; inside a composite "4.0.2": layer 4, branch 0, place
   * 2); for an activation, `name:pre` is its input.
   * @throws DistillError 'bad-argument' with a list of the available taps.
   */
  at(tap: string): Tensor;
  /** What a step writes besides the weights, such as running statistics. */
  readonly effects: readonly Effect[];
}

/** The variables of each layer that has some. */
export type OwnVariables = ReadonlyMap<PlacedLayer, Variables>;

/** One pass through the layers: what they need, and what is collected on the way. */
interface Pass {
  readonly own: OwnVariables;
  readonly mode: Mode;
  /** Layers that run as in inference whatever the mode. */
  readonly frozen: ReadonlySet<PlacedAtom>;
  readonly firstStream: number;
  /** Of each layer. */
  readonly inputs: Map<PlacedLayer, Tensor>;
  readonly taps: Map<string, Tensor>;
  readonly effects: Effect[];
}

/** Layers' outputs for x [batch, …input]; random streams of each kind are numbered from `firstStream`. */
export function forward(
  layers: readonly PlacedLayer[],
  own: OwnVariables,
  x: Tensor,
  { mode, frozen, firstStream }: Pick<Pass, 'mode' | 'frozen' | 'firstStream'>,
): Activations {
  demand(
    mode === 'train' || mode === 'infer',
    () => `the mode must be 'train' or 'infer', not ${JSON.stringify(mode)}`,
  );
  const pass: Pass = { own, mode, frozen, firstStream, inputs: new Map(), taps: new Map(), effects: [] };
  const logits = through(layers, x, pass);
  return {
    logits,
    features: flattened(pass.inputs.get(classLayer(layers))!),
    at: (tap) => tapOf(pass.taps, tap, layers),
    effects: pass.effects,
  };
}

function through(layers: readonly PlacedLayer[], x: Tensor, pass: Pass): Tensor {
  let value = x;
  for (const layer of layers) {
    pass.inputs.set(layer, value);
    const output = isComposite(layer)
      ? compositeKinds[layer.kind].join(layer.branches.map((branch) => through(branch, value, pass)))
      : throughAtom(layer, value, pass);
    for (const name of [layer.path, layer.place]) {
      pass.taps.set(name, output);
      if (isActivation(layer)) pass.taps.set(`${name}:pre`, value);
    }
    value = output;
  }
  return value;
}

function throughAtom(layer: PlacedAtom, x: Tensor, pass: Pass): Tensor {
  const { own, frozen, firstStream, effects } = pass;
  const mode = frozen.has(layer) ? 'infer' : pass.mode;
  const context = { mode, stream: firstStream + layer.index } as const;
  const made = inLayer(layer.path, () => forwardOf(layer, x, own.get(layer)!, context));
  effects.push(...(made.effects ?? []));
  return made.output;
}

function forwardOf<K extends LayerName>(
  { kind, spec }: { kind: K; spec: SpecOf<K> },
  x: Tensor,
  own: Variables,
  context: LayerContext,
): { output: Tensor; effects?: readonly Effect[] } {
  return layerKinds[kind].forward(spec, x, own, context);
}

function tapOf(taps: ReadonlyMap<string, Tensor>, tap: string, layers: readonly PlacedLayer[]): Tensor {
  const found = taps.get(tap);
  const known = () =>
    everyLayer(layers).map((layer) =>
      isActivation(layer) ? `${layer.path}, ${layer.path}:pre` : layer.path,
    );
  demand(
    found !== undefined,
    () => `there is no layer ${JSON.stringify(tap)} to tap: there are ${known().join(', ')}`,
  );
  return found;
}
