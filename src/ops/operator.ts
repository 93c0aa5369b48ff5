import type { ShapeRule } from '../graph/apply.js';
import type { AttributesOf, OpName } from '../graph/names.js';
import type { DType, Shape } from '../graph/shape.js';
import type { Node } from '../graph/tensor.js';

/** Inputs of one check: shapes, how to fill them, and attributes. */
export interface Case<K extends OpName = OpName> {
  inputs: readonly CaseInput[];
  attributes: AttributesOf[K];
  /** Largest |error| allowed relative to 1 + |value|, for gradients too. */
  tolerance?: number;
}

export interface CaseInput {
  shape: Shape;
  /** How test data are generated (default: normal numbers). */
  data?: 'normal' | 'positive' | 'probabilities' | { labels: number } | { indices: number } | 'bytes';
  dtype?: DType;
}

/** What the references of random operators draw from. */
export interface RandomState {
  seed: number;
  step: number;
}

/**
 * One operator. Its gradient is a row in autodiff/rules.ts, its instructions are rows in each backend's tables. Graphs
 * need only the rule, which is a value of its own so that bundlers leave the rest out of applications.
 */
export interface Operator<K extends OpName> {
  readonly rule: ShapeRule<K>;
  /** The definition in float64: what backends are tested against. */
  reference(inputs: readonly Float64Array[], node: Node<K>, random: RandomState): Float64Array;
  cases(): readonly Case<K>[];
}
