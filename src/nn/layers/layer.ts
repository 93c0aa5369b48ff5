import type { Shape } from '../../graph/shape.js';
import type { Effect, Tensor, Variable } from '../../graph/tensor.js';
import type { LayerName, SpecOf } from '../layer-specs.js';

/** Weights are decayed, limited and held in 8 bits; state (running statistics) is saved, but not trained. */
export type Role = 'weight' | 'bias' | 'scale' | 'shift' | 'state';

export interface ParameterSpec {
  /** What comes after the layer's name: weight, bias, … */
  readonly suffix: string;
  readonly shape: Shape;
  readonly role: Role;
  /** How many numbers each output is a sum over. */
  readonly fanIn: number;
  /** As the initializer has it, or as this number everywhere. */
  readonly begins: 'initializer' | number;
}

export type Mode = 'train' | 'infer';

export interface LayerContext {
  readonly mode: Mode;
  /** Index of the layer's own random stream among those of its kind. */
  readonly stream: number;
}

/** A layer's variables by their suffix. */
export type Variables = Readonly<Record<string, Variable<'f32'>>>;

/** One layer. Shapes are those of one sample; x is [batch, …input]. */
export interface LayerKind<K extends LayerName = LayerName> {
  /** A function of single numbers: `name:pre` of a network's layer is what it reads. */
  readonly isActivation?: true;
  /** @throws DistillError 'bad-argument' for an input that the layer can't take. */
  output(spec: SpecOf<K>, input: Shape): Shape;
  /** In the order of files and hashes. */
  parameters(spec: SpecOf<K>, input: Shape): readonly ParameterSpec[];
  forward(
    spec: SpecOf<K>,
    x: Tensor,
    own: Variables,
    context: LayerContext,
  ): { output: Tensor; effects?: readonly Effect[] };
  /** Multiplications with weights, of one sample. */
  multiplyAdds(spec: SpecOf<K>, input: Shape): number;
}
