import { checkList, checkNumber, checkWord, shown } from '../checks.js';
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

/**
 * Refuses what is no tensor, such as a number in its place; `op` says who takes it.
 * @throws DistillError 'bad-argument'
 */
export function checkTensor(value: unknown, op: string): asserts value is Tensor {
  demand(
    isTensor(value),
    () =>
      `${op} takes tensors, not ${shown(value)}${typeof value === 'number' ? ': use scale or shift for a product or sum with a number, or fill' : ''}`,
  );
}

export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'op' in value && 'shape' in value;
}

/** @throws DistillError 'bad-argument' for what an effect can't write to. */
export function checkVariable(value: unknown, op: string): asserts value is Variable {
  checkTensor(value, op);
  demand(value.op === 'variable', () => `${op} writes to a variable, not to the result of ${value.op}`);
}

/** Refuses bytes and whole numbers, whose bits are no f32. @throws DistillError 'bad-argument' */
export function checkF32(op: string, inputs: readonly Tensor[]): void {
  for (const { dtype } of inputs) demand(dtype === 'f32', () => `${op}: the input must be f32, not ${dtype}`);
}

/** Declares a variable; its content is zero until written. */
export function variable(name: string, shape: Shape): Variable<'f32'>;
export function variable<T extends DType>(name: string, shape: Shape, dtype: T): Variable<T>;
export function variable(name: string, shape: Shape, dtype: DType = 'f32'): Variable {
  checkShape(name, shape);
  checkWord(dtype, `the dtype of ${name}`, ['f32', 'u8', 'i32']);
  return { op: 'variable', inputs: [], attributes: {}, shape: [...shape], dtype, name };
}

/** A constant tensor filled with one number. */
export function fill(value: number, shape: Shape): Node<'fill'> {
  checkShape('fill', shape);
  checkNumber(value, 'the value of fill', 'a number', () => true);
  return {
    op: 'fill',
    inputs: [],
    attributes: { value },
    shape: [...shape],
    dtype: 'f32',
  };
}

/** A constant tensor of these numbers, row-major. */
export function constant(values: readonly number[], shape: Shape): Node<'constant'> {
  checkShape('constant', shape);
  checkList(values, 'the values of constant', 'numbers', (value) => typeof value === 'number');
  demand(values.length === size(shape), () => `${values.length} numbers don't fill the shape [${shape}]`);
  return {
    op: 'constant',
    inputs: [],
    attributes: { values: [...values] },
    shape: [...shape],
    dtype: 'f32',
  };
}

/** @throws DistillError 'bad-argument' for what is no record of lists of effects. */
export function checkPlans(plans: unknown): asserts plans is Plans {
  const isEffect = (value: unknown) => Array.isArray((value as Effect | undefined)?.targets);
  demand(
    typeof plans === 'object' && plans !== null,
    () => `plans must be lists of effects by their names, not ${shown(plans)}`,
  );
  for (const [name, effects] of Object.entries(plans))
    checkList(effects, `the plan ${name}`, 'effects, such as those of assign', isEffect);
}
