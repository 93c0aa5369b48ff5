import type { Shape } from '../../graph/shape.js';
import type { Effect, Tensor, Variable } from '../../graph/tensor.js';
import type { LayerName, SpecOf } from '../layer-specs.js';

/** Weights are decayed, limited and quantized to 8 bits; state (running statistics) is saved, but not trained. */
export type Role = 'weight' | 'bias' | 'scale' | 'shift' | 'state';

export interface ParameterSpec {
  /** What comes after the layer's name: weight, bias, … */
  readonly suffix: string;
  readonly shape: Shape;
  readonly role: Role;
  /** How many numbers each output is a sum over. */
  readonly fanIn: number;
  /** Initial values: from the initializer, or this number throughout. */
  readonly begins: 'initializer' | number;
}

export type Mode = 'train' | 'infer';

export interface LayerContext {
  readonly mode: Mode;
  /** Index of the layer's own random stream among streams of its kind. */
  readonly stream: number;
}

/** A layer's variables by their suffix. */
export type Variables = Readonly<Record<string, Variable<'f32'>>>;

/** One layer. Shapes are those of one sample; x is [batch, …input]. */
export interface LayerKind<K extends LayerName = LayerName> {
  /** Acts on single numbers; `name:pre` is then the layer's input. */
  readonly isActivation?: true;
  /** @throws DistillError 'bad-argument' for an input that the layer doesn't take. */
  output(spec: SpecOf<K>, input: Shape): Shape;
  /** In the order used by files and hashes. */
  parameters(spec: SpecOf<K>, input: Shape): readonly ParameterSpec[];
  forward(
    spec: SpecOf<K>,
    x: Tensor,
    own: Variables,
    context: LayerContext,
  ): { output: Tensor; effects?: readonly Effect[] };
  /** Multiplications by weights for one sample. */
  multiplyAdds(spec: SpecOf<K>, input: Shape): number;
}
