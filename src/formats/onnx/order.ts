import type { OnnxNode } from './model.js';
import { badOnnx } from './wire.js';

/**
 * Nodes so that each follows those whose outputs it takes; most files have them so.
 * @throws DistillError 'bad-file' for nodes that need each other, and for two that make the same tensor
 */
export function inOrder(nodes: readonly OnnxNode[], file: string): readonly OnnxNode[] {
  const makers = makersOf(nodes, file);
  const needed = nodes.map(({ inputs }) => new Set(inputs.flatMap((name) => makers.get(name) ?? [])));
  const users = nodes.map((): number[] => []);
  needed.forEach((before, i) => {
    for (const maker of before) users[maker]!.push(i);
  });
  if (needed.every((before, i) => [...before].every((maker) => maker < i))) return nodes;
  const order = nodes.flatMap((_, i) => (needed[i]!.size === 0 ? [i] : []));
  for (let at = 0; at < order.length; at++) {
    for (const user of users[order[at]!]!) {
      needed[user]!.delete(order[at]!);
      if (needed[user]!.size === 0) order.push(user);
    }
  }
  if (order.length < nodes.length) {
    const { op, name } = nodes[needed.findIndex(({ size }) => size > 0)]!;
    throw badOnnx(file, `has a cycle: the node ${nameOf({ op, name })} needs what is made of its own output`);
  }
  return order.map((i) => nodes[i]!);
}

/** Which node makes each tensor. */
function makersOf(nodes: readonly OnnxNode[], file: string): ReadonlyMap<string, number> {
  const makers = new Map<string, number>();
  nodes.forEach((node, i) => {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output))
        throw badOnnx(
          file,
          `has two nodes that make ${JSON.stringify(output.slice(0, 80))}: ${nameOf(nodes[makers.get(output)!]!)} and ${nameOf(node)}`,
        );
      makers.set(output, i);
    }
  });
  return makers;
}

/** How messages refer to a node: Conv "stem/conv". */
export function nameOf({ op, name }: Pick<OnnxNode, 'op' | 'name'>): string {
  return name === '' ? op.slice(0, 80) : `${op.slice(0, 80)} ${JSON.stringify(name.slice(0, 80))}`;
}
