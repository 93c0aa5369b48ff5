import { DistillError } from '../../../errors.js';
import { size } from '../../../graph/shape.js';
import type { AtomSpec, LayerSpec } from '../../layer-specs.js';
import type { TrainedModel } from '../../model-file.js';
import { atomsOf, placedLayers } from '../../placed-layers.js';
import type { Architecture, InputSpec } from '../../specs.js';
import { type Form, ownShape } from './form.js';

/** A layer's parameters by their suffixes. */
export type Own = Readonly<Record<string, Float32Array>>;

/** A layer with its parameters; composites have none of their own, but branches. */
export interface Made {
  readonly spec: LayerSpec;
  readonly own: Own;
  readonly branches?: readonly Branch[];
}

/** x·factor + shift, by channel, or of all alike where there is one number. */
export interface Affine {
  readonly factor: readonly number[];
  readonly shift: readonly number[];
}

/** A row of layers that is being made, and what its end looks like. */
export interface Branch {
  readonly layers: readonly Made[];
  readonly form: Form;
  /** At the network's input, before its first layer: what is done to samples. */
  readonly input?: Affine | undefined;
  /** The input as the graph then takes it, where that makes an image of a row. */
  readonly inputForm?: Form | undefined;
}

export function withLayer(branch: Branch, spec: AtomSpec, form: Form, own: Own = {}): Branch {
  return { ...branch, layers: [...branch.layers, { spec, own }], form };
}

/** The branch with another last layer. */
export function withLast(branch: Branch, last: Made): Branch {
  return { ...branch, layers: [...branch.layers.slice(0, -1), last] };
}

/**
 * The network of a branch that ends with classes.
 * @throws DistillError 'bad-file' for layers that don't fit together, or numbers that aren't finite
 */
export function modelOf(
  branch: Branch,
  input: InputSpec,
  names: readonly string[] | undefined,
  file: string,
): TrainedModel {
  const { layers } = branch;
  const architecture: Architecture = { input, layers: layers.map(({ spec }) => spec) };
  const atoms = inFile(file, () => atomsOf(placedLayers(architecture)));
  const owns = ownsOf(layers);
  const weights = new Map<string, Float32Array>();
  atoms.forEach(({ parameters }, i) => {
    for (const { name, suffix, shape } of parameters) {
      const values = owns[i]![suffix];
      if (values?.length !== size(shape) || !values.every(Number.isFinite))
        throw new DistillError(
          'bad-file',
          `${file} can't become layers: ${name} should be ${size(shape)} finite numbers of shape [${shape}]`,
        );
      weights.set(name, values);
    }
  });
  const classNames = names?.length === ownShape(branch.form)[0] ? names : undefined;
  return { architecture, weights, ...(classNames && { classNames }) };
}

/** Of all layers that aren't composites, in the order of their places. */
function ownsOf(layers: readonly Made[]): readonly Own[] {
  return layers.flatMap(({ own, branches }) =>
    branches ? branches.flatMap((each) => ownsOf(each.layers)) : [own],
  );
}

/** Turns errors into 'bad-file': here it is the graph that is wrong. */
function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    throw new DistillError('bad-file', `${file} can't become layers: ${cause.message}`, { cause });
  }
}
