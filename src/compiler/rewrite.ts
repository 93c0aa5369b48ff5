import type { Effect } from '../graph/tensor.js';
import { topological } from '../graph/topology.js';
import type { CompiledEffect, CompiledNode } from './node.js';

/** The replacement for each node; nodes not listed stay, with their inputs replaced. */
export type Replacements = ReadonlyMap<CompiledNode, CompiledNode>;

/** A backend's fusion: looks at a whole plan's graph and says what to replace. The user's graph is never changed. */
export interface Rewrite {
  readonly name: string;
  /** `roots` are the inputs of the plan's effects. Returns the node that each reachable node has become. */
  apply(roots: readonly CompiledNode[]): Replacements;
}

/** A plan's effects over a graph whose equal nodes are merged and to which the rewrites have been applied in turn. */
export function rewritten(effects: readonly Effect[], rewrites: readonly Rewrite[]): CompiledEffect[] {
  let current: CompiledEffect[] = effects.map((effect) => ({ effect, inputs: effect.inputs }));
  for (const rewrite of [mergeEqual, ...rewrites]) {
    const replacements = rewrite.apply(current.flatMap(({ inputs }) => inputs));
    current = current.map(({ effect, inputs }) => ({
      effect,
      inputs: inputs.map((input) => replacements.get(input) ?? input),
    }));
  }
  return current;
}

/** Rebuilds a graph bottom-up: `rule` is given each node with its inputs already rewritten, and the original. */
export function rebuild(
  roots: readonly CompiledNode[],
  rule: (node: CompiledNode, original: CompiledNode) => CompiledNode,
): Map<CompiledNode, CompiledNode> {
  const result = new Map<CompiledNode, CompiledNode>();
  for (const original of topological(roots)) {
    const inputs = original.inputs.map((input) => result.get(input)!);
    result.set(original, rule(withInputs(original, inputs), original));
  }
  return result;
}

/**
 * Rebuilds a graph with some nodes replaced. A replacement may read any original nodes, as long as that creates no
 * cycle.
 */
export function substitute(
  roots: readonly CompiledNode[],
  replacements: Replacements,
): Map<CompiledNode, CompiledNode> {
  const standIn = (node: CompiledNode) => replacements.get(node) ?? node;
  const result = new Map<CompiledNode, CompiledNode>();
  for (const original of topological(roots, (node) => standIn(node).inputs)) {
    const node = standIn(original);
    result.set(
      original,
      withInputs(
        node,
        node.inputs.map((input) => result.get(input)!),
      ),
    );
  }
  return result;
}

/** The node over these inputs: the node itself if they are unchanged, as variables are known by identity. */
function withInputs(node: CompiledNode, inputs: readonly CompiledNode[]): CompiledNode {
  return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs };
}

/** How many nodes and roots read each node. */
export function countUses(roots: readonly CompiledNode[]): Map<CompiledNode, number> {
  const uses = new Map<CompiledNode, number>();
  const count = (node: CompiledNode) => uses.set(node, (uses.get(node) ?? 0) + 1);
  roots.forEach(count);
  for (const node of topological(roots)) node.inputs.forEach(count);
  return uses;
}

/**
 * Merges equal nodes: operators are pure (random ones too, given seed, stream and step), so equal means identical. What
 * stops gradients has done so, and is its input.
 */
export const mergeEqual: Rewrite = {
  name: 'equal nodes merged',
  apply: (roots) => {
    const ids = new Map<CompiledNode, number>();
    const byKey = new Map<string, CompiledNode>();
    return rebuild(roots, (node) => {
      if (node.op === 'stopGradient') return node.inputs[0]!;
      const inputs = node.inputs.map((input) => ids.get(input));
      const key =
        node.op === 'variable'
          ? `variable ${ids.size}`
          : JSON.stringify([node.op, inputs, node.attributes, node.shape], exactly);
      const known = byKey.get(key);
      if (known) return known;
      byKey.set(key, node);
      ids.set(node, ids.size);
      return node;
    });
  },
};

/** JSON writes infinities and NaN as null and −0 as 0, which would make different constants equal. */
function exactly(_key: string, value: unknown): unknown {
  const lost = typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
  return lost ? `number ${Object.is(value, -0) ? '-0' : value}` : value;
}
