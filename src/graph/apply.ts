import type { AttributesOf, OpName } from './names.js';
import type { DType, Shape } from './shape.js';
import { checkTensor, type Node, type Tensor } from './tensor.js';

/** An operator's name and shape rule. */
export interface ShapeRule<K extends OpName> {
  readonly name: K;
  /** Shape and type of the result. @throws DistillError 'bad-argument' for inputs that don't fit. */
  infer(inputs: readonly Tensor[], attributes: AttributesOf[K]): { shape: Shape; dtype: DType };
}

/** Makes a node of an operator, its shape inferred and its inputs checked. */
export function apply<K extends OpName>(
  rule: ShapeRule<K>,
  inputs: readonly Tensor[],
  attributes: AttributesOf[K],
): Tensor {
  for (const input of inputs) checkTensor(input, rule.name);
  const node: Node<K> = { op: rule.name, inputs, attributes, ...rule.infer(inputs, attributes) };
  // TypeScript can't see that Node<K> for one K is a member of the union over all of them.
  return node as unknown as Tensor;
}
