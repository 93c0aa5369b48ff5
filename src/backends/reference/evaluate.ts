import type { OpName } from '../../graph/names.js';
import { size } from '../../graph/shape.js';
import type { Node, Tensor } from '../../graph/tensor.js';
import { topological } from '../../graph/topology.js';
import { operators } from '../../ops/index.js';
import type { RandomState } from '../../ops/operator.js';

/**
 * Evaluates a graph in float64 with the operators' references: backends are tested against it, and finite differences
 * are computed from it. Slow and plain on purpose. A variable missing from `variables` is zero.
 */
export function evaluateReference(
  roots: readonly Tensor[],
  variables: ReadonlyMap<Tensor, ArrayLike<number>>,
  random: RandomState = { seed: 0, step: 0 },
): Float64Array[] {
  const values = new Map<Tensor, Float64Array>();
  for (const node of topological(roots)) values.set(node, calculated(node, values, variables, random));
  return roots.map((root) => values.get(root)!);
}

function calculated(
  node: Tensor,
  values: ReadonlyMap<Tensor, Float64Array>,
  variables: ReadonlyMap<Tensor, ArrayLike<number>>,
  random: RandomState,
): Float64Array {
  if (node.op === 'fill') return new Float64Array(size(node.shape)).fill(node.attributes.value);
  if (node.op === 'constant') return Float64Array.from(node.attributes.values);
  if (node.op === 'variable')
    return Float64Array.from(variables.get(node) ?? new Float64Array(size(node.shape)));
  return computed(
    node,
    node.inputs.map((input) => values.get(input)!),
    random,
  );
}

function computed<K extends OpName>(
  node: Node<K>,
  inputs: readonly Float64Array[],
  random: RandomState,
): Float64Array {
  return operators[node.op].reference(inputs, node, random);
}
