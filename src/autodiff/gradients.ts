import { checkList } from '../checks.js';
import { demand } from '../errors.js';
import type { OpName } from '../graph/names.js';
import { sameShape } from '../graph/shape.js';
import { type Computed, checkTensor, fill, isTensor, type Node, type Tensor } from '../graph/tensor.js';
import { topological } from '../graph/topology.js';
import { add } from '../ops/binary.js';
import { type Rule, rules } from './rules.js';

/**
 * Gradients of a scalar with respect to tensors it is computed from, as graph nodes: reverse accumulation over the
 * table of rules. Being graph nodes, they can be differentiated again. A tensor that the scalar doesn't depend on has a
 * gradient of zeros.
 * @throws DistillError 'bad-argument' if it isn't a scalar, or if an operator on the way has no gradient.
 */
export function gradients(scalar: Tensor, withRespectTo: readonly Tensor[]): Tensor[] {
  checkTensor(scalar, 'gradients');
  checkList(withRespectTo, 'what gradients are taken with respect to', 'tensors', isTensor);
  demand(
    scalar.shape.length === 0,
    () => `gradients: only a scalar can be differentiated, not a tensor of shape [${scalar.shape}]`,
  );
  return pulledBack(scalar, fill(1, []), withRespectTo);
}

/** The same of any tensor, given its own gradient. */
export function pulledBack(output: Tensor, gradient: Tensor, withRespectTo: readonly Tensor[]): Tensor[] {
  const order = topological([output]);
  const needed = dependents(order, withRespectTo);
  const upstream = new Map<Tensor, Tensor>([[output, gradient]]);
  for (const node of order.reverse()) {
    const up = upstream.get(node);
    // Nothing flows into a tensor that is asked for, computed though it may be.
    if (!up || isSource(node) || !node.inputs.some((input) => needed.has(input))) continue;
    gradientsOfInputs(node, up).forEach((gradient, i) => {
      const input = node.inputs[i]!;
      if (gradient && needed.has(input)) accumulate(upstream, input, gradient);
    });
  }
  return withRespectTo.map((tensor) => upstream.get(tensor) ?? fill(0, tensor.shape));
}

function gradientsOfInputs<K extends OpName>(node: Node<K>, up: Tensor): readonly (Tensor | undefined)[] {
  const rule: 'none' | 'refused' | Rule<K> = rules[node.op];
  demand(rule !== 'refused', () => `gradients: ${node.op} can't be differentiated`);
  return rule === 'none' ? [] : (rule as Rule<K>)(node, up);
}

/** Sources aren't computed, so they have no rule. */
function isSource(node: Tensor): node is Exclude<Tensor, Computed> {
  return node.op === 'variable' || node.op === 'fill' || node.op === 'constant';
}

/** The nodes on a path from one of `sources`. */
function dependents(order: readonly Tensor[], sources: readonly Tensor[]): Set<Tensor> {
  const result = new Set(sources);
  for (const node of order) if (node.inputs.some((input) => result.has(input))) result.add(node);
  return result;
}

function accumulate(upstream: Map<Tensor, Tensor>, tensor: Tensor, gradient: Tensor): void {
  demand(
    sameShape(tensor.shape, gradient.shape),
    () => `gradients: a rule gave [${gradient.shape}] for a tensor of shape [${tensor.shape}]`,
  );
  const before = upstream.get(tensor);
  upstream.set(tensor, before ? add(before, gradient) : gradient);
}
