import { checkNames, checkWhole, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, sameShape } from '../graph/shape.js';
import { checkTensor, type Effect, fill, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { assign } from '../ops/effects.js';
import { normal } from '../ops/random.js';
import { reshape } from '../ops/reshape.js';
import type { Stream } from '../random/streams.js';
import { takes } from './architecture.js';
import { type Activations, forward } from './forward.js';
import { frozenAtoms } from './frozen.js';
import type { Mode, Variables } from './layers/layer.js';
import { isUniform, normalized } from './normalize.js';
import { atomsOf, type PlacedAtom, type PlacedParameter, placedLayers } from './placed-layers.js';
import type { Architecture } from './specs.js';

/** Most parameters, and most layers, for which a helper has random streams. */
const STREAMS = 65_536;

export type { Activations } from './forward.js';

/** A network in the graph: its variables, and what it computes from a batch. */
export interface Network {
  readonly architecture: Architecture;
  /** Shape of one sample. */
  readonly input: Shape;
  readonly classes: number;
  /** In the order used by files and hashes. */
  readonly parameters: readonly Parameter[];
  /** The parameters that are trained, and those that are state. */
  readonly trained: readonly Parameter[];
  readonly state: readonly Parameter[];
  /** Where initial weights come from: the first parameter's stream; each further parameter takes the next index. */
  readonly stream: Stream;
  /**
   * x [batch, …shape], f32, as in the data set: normalization is part of the network. A network of rows takes any shape
   * with the same number of values. Dropout and the like apply only in mode 'train'.
   * @throws DistillError 'bad-argument' for an x of the wrong shape.
   */
  forward(x: Tensor, mode: Mode): Activations;
}

export interface Parameter extends Omit<PlacedParameter, 'suffix'> {
  readonly variable: Variable<'f32'>;
}

export interface NetworkOptions {
  /** Prefix for the names of variables, so that several networks can share one plan. */
  prefix?: string;
  /**
   * For a network that learns beside the student and is then discarded: its number, from 0. Each has its own random
   * streams (default: not a helper).
   */
  helper?: number;
  /** Layers, by names or places, that aren't trained and run as in inference; a block's or composite's with it. */
  frozen?: readonly string[];
}

/**
 * A network with fresh variables, all zero until initialized or written.
 * @throws DistillError 'bad-argument' for an invalid architecture.
 */
export function network(architecture: Architecture, options: NetworkOptions = {}): Network {
  checkNames(options, 'network', ['prefix', 'helper', 'frozen']);
  const { prefix = '', helper, frozen: names = [] } = options;
  if (helper !== undefined) checkWhole(helper, 'helper', 0, STREAMS - 2);
  const layers = placedLayers(architecture);
  const atoms = atomsOf(layers);
  const frozen = frozenAtoms(layers, names);
  const still = new Set([...frozen].flatMap((layer) => layer.parameters.map(({ name }) => name)));
  const own = new Map(atoms.map((layer) => [layer, variablesOf(layer, prefix)]));
  const parameters = atoms.flatMap((layer) =>
    layer.parameters.map(
      ({ suffix, ...parameter }): Parameter => ({ ...parameter, variable: own.get(layer)![suffix]! }),
    ),
  );
  return {
    architecture,
    input: architecture.input.shape,
    classes: layers.at(-1)!.output[0]!,
    parameters,
    trained: parameters.filter(({ role, name }) => role !== 'state' && !still.has(name)),
    state: parameters.filter(({ role }) => role === 'state'),
    stream:
      helper === undefined ? { kind: 'weights', index: 0 } : { kind: 'helpers', index: helper * STREAMS },
    forward: (x, mode) =>
      forward(layers, own, inputOf(x, architecture), {
        mode,
        frozen,
        firstStream: helper === undefined ? 0 : (helper + 1) * STREAMS,
      }),
  };
}

function variablesOf({ parameters }: PlacedAtom, prefix: string): Variables {
  return Object.fromEntries(
    parameters.map(({ suffix, name, shape }) => [suffix, variable(`${prefix}${name}`, shape)]),
  );
}

/** x in the network's shape, normalized. */
function inputOf(x: Tensor, { input }: Architecture): Tensor {
  checkTensor(x, 'a network');
  const [batch = 0, ...sample] = x.shape;
  demand(
    x.dtype === 'f32' && batch > 0 && takes(input.shape, sample),
    () => `a network of input [${input.shape}] takes x [batch, ${input.shape}], not ${x.dtype} [${x.shape}]`,
  );
  const shape = [batch, ...input.shape];
  if (sameShape(x.shape, shape)) return normalized(x, input);
  // If all numbers are treated alike, normalize first, at the source: backends scale images as they gather them.
  return isUniform(input) ? reshape(normalized(x, input), shape) : normalized(reshape(x, shape), input);
}

/** 'he': N(0, √(2/inputs)) (He et al. 2015), or a number: the deviation of every weight. */
export type Initializer = 'he' | number;

/**
 * Sets weights from the run's seed, each from its own stream, and everything else to its initial value (biases: 0).
 * @throws DistillError 'bad-argument' for an invalid initializer.
 */
export function initialize(network: Network, initializer: Initializer): Effect[] {
  checkNetwork(network);
  const { parameters, stream } = network;
  demand(
    initializer === 'he' || (Number.isFinite(initializer) && initializer >= 0),
    `the initializer must be 'he' or a deviation of at least 0, not ${JSON.stringify(initializer)}`,
  );
  return parameters.map(({ variable, shape, fanIn, begins }, index) =>
    assign(
      variable,
      begins === 'initializer'
        ? normal(shape, {
            deviation: initializer === 'he' ? Math.sqrt(2 / fanIn) : initializer,
            stream: { kind: stream.kind, index: stream.index + index },
          })
        : fill(begins, shape),
    ),
  );
}

/** @throws DistillError 'bad-argument' for what network() doesn't answer. */
export function checkNetwork(network: unknown): asserts network is Network {
  demand(
    Array.isArray((network as Network | undefined)?.parameters),
    () => `a network is needed, as network() answers it, not ${shown(network)}`,
  );
}
