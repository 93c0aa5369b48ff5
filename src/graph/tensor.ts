import { demand } from '../errors.js';
import type { AttributesOf, EffectAttributesOf, EffectName, NodeName, OpName } from './names.js';
import { checkShape, type DType, type Shape, size } from './shape.js';

/**
 * A node of the graph: what is computed from what, with a static shape. Plain immutable data; nothing is computed and
 * no memory is held until a plan that reaches it is loaded into an engine.
 */
export interface Node<K extends NodeName = NodeName> {
  readonly op: K;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<AttributesOf[K]>;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A tensor with its own memory, which outlives steps: weights, data sets, losses. */
export interface Variable<T extends DType = DType> extends Node<'variable'> {
  /** What errors, files and plan texts call it. */
  readonly name: string;
  readonly dtype: T;
}

/** Any node; narrowing by `op` types its attributes. */
export type Tensor =
  | { [K in Exclude<NodeName, 'variable'>]: Node<K> }[Exclude<NodeName, 'variable'>]
  | Variable;

/** A tensor that an operator computes. */
export type Computed = { [K in OpName]: Node<K> }[OpName];

/**
 * What a plan does at the end of its computations: write to variables. All tensors of a plan see variables as they were
 * before the step; effects on the same variable take place in the order listed, and one whose input is itself a
 * variable sees it as earlier effects left it.
 */
export interface Effect<K extends EffectName = EffectName> {
  readonly effect: K;
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Variable[];
  readonly attributes: Readonly<EffectAttributesOf[K]>;
}

/** Named plans, each a list of effects: what an engine loads. */
export type Plans = Readonly<Record<string, readonly Effect[]>>;

/** Declares a variable; its content is zero until written. */
export function variable(name: string, shape: Shape): Variable<'f32'>;
export function variable<T extends DType>(name: string, shape: Shape, dtype: T): Variable<T>;
export function variable(name: string, shape: Shape, dtype: DType = 'f32'): Variable {
  checkShape(name, shape);
  return { op: 'variable', inputs: [], attributes: {}, shape: [...shape], dtype, name };
}

/** A constant tensor filled with one number. */
export function fill(value: number, shape: Shape): Node<'fill'> {
  return {
    op: 'fill',
    inputs: [],
    attributes: { value: Math.fround(value) },
    shape: [...shape],
    dtype: 'f32',
  };
}

/** A constant tensor of these numbers, row-major. */
export function constant(values: readonly number[], shape: Shape): Node<'constant'> {
  demand(values.length === size(shape), () => `${values.length} numbers don't fill the shape [${shape}]`);
  return {
    op: 'constant',
    inputs: [],
    attributes: { values: values.map(Math.fround) },
    shape: [...shape],
    dtype: 'f32',
  };
}
