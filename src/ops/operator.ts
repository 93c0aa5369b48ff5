import type { ShapeRule } from '../graph/apply.js';
import type { AttributesOf, OpName } from '../graph/names.js';
import type { DType, Shape } from '../graph/shape.js';
import type { Node } from '../graph/tensor.js';

/** Inputs of one check: shapes, a way to fill them, and attributes. */
export interface Case<K extends OpName = OpName> {
  inputs: readonly CaseInput[];
  attributes: AttributesOf[K];
  /** Largest |error| allowed relative to 1 + |value|; for gradients too. */
  tolerance?: number;
}

export interface CaseInput {
  shape: Shape;
  /** How test data are made: normal numbers unless told. */
  data?: 'normal' | 'positive' | 'probabilities' | { labels: number } | { indices: number } | 'bytes';
  dtype?: DType;
}

/** What the references of random operators draw from. */
export interface RandomState {
  seed: number;
  step: number;
}

/**
 * One operator. Its gradient is a row of autodiff/rules.ts, its instructions are rows of each backend's tables. Graphs need
 * the rule alone, which stands by itself so that bundlers leave the rest out of applications.
 */
export interface Operator<K extends OpName> {
  readonly rule: ShapeRule<K>;
  /** The definition in float64: what backends are tested against. */
  reference(inputs: readonly Float64Array[], node: Node<K>, random: RandomState): Float64Array;
  cases(): readonly Case<K>[];
}
