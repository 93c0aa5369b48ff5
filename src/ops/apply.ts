import { type OpName, operators } from './index.js';
import type { Attributes, Tensor } from './tensor.js';

/** Makes a node of an operator, its shape inferred and its inputs checked. */
export function apply(op: OpName, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
  return { op, inputs, attributes, ...operators[op].infer(inputs, attributes) };
}
