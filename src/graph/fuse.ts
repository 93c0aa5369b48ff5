import type { Effect } from '../ops/effects.js';
import type { Tensor } from '../ops/tensor.js';
import { topological } from './topology.js';

/** Effects whose inputs have been rewritten. */
export interface Rewritten {
  effect: Effect;
  inputs: Tensor[];
}

/**
 * Rewrites a plan's graph before it is lowered: equal nodes become one, and a product followed by a bias, a ReLU or the
 * gradient of a ReLU becomes one fused product. A user's graph is never changed: nodes are made anew.
 */
export function fuse(effects: readonly Effect[]): Rewritten[] {
  const roots = effects.flatMap((effect) => effect.inputs);
  const merged = rewrite(roots, unique());
  const uses = countUses(roots.map((root) => merged.get(root)!));
  const fused = rewrite(
    roots.map((root) => merged.get(root)!),
    (node, original) => fuseProduct(node, original, uses),
  );
  return effects.map((effect) => ({
    effect,
    inputs: effect.inputs.map((input) => fused.get(merged.get(input)!)!),
  }));
}

/** Rebuilds the graph bottom-up: `rule` is given each node with its inputs already rewritten, and the original. */
function rewrite(
  roots: readonly Tensor[],
  rule: (node: Tensor, original: Tensor) => Tensor,
): Map<Tensor, Tensor> {
  const result = new Map<Tensor, Tensor>();
  for (const original of topological(roots)) {
    const inputs = original.inputs.map((input) => result.get(input)!);
    const same = inputs.every((input, i) => input === original.inputs[i]);
    result.set(original, rule(same ? original : { ...original, inputs }, original));
  }
  return result;
}

/** Common subexpressions: operators are pure (random ones too, given seed, stream and step), so equal means identical. */
function unique(): (node: Tensor) => Tensor {
  const ids = new Map<Tensor, number>();
  const byKey = new Map<string, Tensor>();
  return (node) => {
    const key =
      node.op === 'variable'
        ? `variable ${ids.size}`
        : JSON.stringify(
            [node.op, node.inputs.map((input) => ids.get(input)), node.attributes, node.shape],
            exactly,
          );
    const known = byKey.get(key);
    if (known) return known;
    byKey.set(key, node);
    ids.set(node, ids.size);
    return node;
  };
}

/** JSON writes infinities and NaN as null and −0 as 0, which would make different constants equal. */
function exactly(_key: string, value: unknown): unknown {
  const lost = typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
  return lost ? `number ${Object.is(value, -0) ? '-0' : value}` : value;
}

function countUses(roots: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const count = (tensor: Tensor) => uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  roots.forEach(count);
  for (const node of topological(roots)) node.inputs.forEach(count);
  return uses;
}

function fuseProduct(node: Tensor, original: Tensor, uses: ReadonlyMap<Tensor, number>): Tensor {
  const [first, second] = node.inputs;
  const alone = original.inputs[0] && uses.get(original.inputs[0]) === 1;
  if (!alone || first!.op !== 'matmul') return node;
  const { bias, relu, mask } = first!.attributes;
  const extend = (inputs: readonly Tensor[], extra: object): Tensor => ({
    ...first!,
    inputs: [...first!.inputs, ...inputs],
    attributes: { ...first!.attributes, ...extra },
  });
  if (node.op === 'binary' && node.attributes.kind === 'add' && !bias && !relu && !mask) {
    const row = repeatedRow(second!);
    if (row) return extend([row], { bias: true });
  }
  if (node.op === 'unary' && node.attributes.kind === 'relu' && !relu && !mask)
    return extend([], { relu: true });
  if (node.op === 'binary' && node.attributes.kind === 'where' && !mask && second !== first)
    return extend([second!], { mask: true });
  return node;
}

/** The row [n] that a broadcast repeats to [m, n], if that is what the tensor is. */
function repeatedRow(tensor: Tensor): Tensor | undefined {
  if (tensor.op !== 'broadcast') return undefined;
  const row = tensor.inputs[0]!;
  const width = tensor.shape.at(-1)!;
  return row.shape.length === 1 && row.shape[0] === width ? row : undefined;
}
