import { operators } from '../ops/index.js';
import { size, type Tensor } from '../ops/tensor.js';
import { topological } from './topology.js';

/**
 * Evaluates a graph in float64 by the operators' references: what plans are tested against, and the function that finite
 * differences are taken of. Slow and plain on purpose.
 */
export function evaluateReference(
  roots: readonly Tensor[],
  variables: ReadonlyMap<Tensor, ArrayLike<number>>,
  random = { seed: 0, step: 0 },
): Float64Array[] {
  const values = new Map<Tensor, Float64Array>();
  for (const node of topological(roots)) values.set(node, evaluate(node, values, variables, random));
  return roots.map((root) => values.get(root)!);
}

function evaluate(
  node: Tensor,
  values: ReadonlyMap<Tensor, Float64Array>,
  variables: ReadonlyMap<Tensor, ArrayLike<number>>,
  random: { seed: number; step: number },
): Float64Array {
  if (node.op === 'fill') return new Float64Array(size(node.shape)).fill(node.attributes.value as number);
  if (node.op === 'variable')
    return Float64Array.from(variables.get(node) ?? new Float64Array(size(node.shape)));
  return operators[node.op].reference(
    node.inputs.map((input) => values.get(input)!),
    node,
    random,
  );
}
