import type { Operator } from './operator.js';
import type { Attributes, Tensor } from './tensor.js';

/** Makes a node of an operator, its shape inferred and its inputs checked. */
export function apply(operator: Operator, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
  return { op: operator.name, inputs, attributes, ...operator.infer(inputs, attributes) };
}
