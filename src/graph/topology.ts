/**
 * All nodes that `roots` are computed from, the roots included, inputs before their users. `inputsOf` may return inputs
 * other than a node's own.
 */
export function topological<T extends { readonly inputs: readonly T[] }>(
  roots: readonly T[],
  inputsOf: (node: T) => readonly T[] = (node) => node.inputs,
): T[] {
  const order: T[] = [];
  const seen = new Set<T>();
  // An explicit stack: graphs of gradients of gradients are deeper than a call stack should be.
  const stack: { node: T; inputs: readonly T[]; next: number }[] = [];
  const visit = (node: T) => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, inputs: inputsOf(node), next: 0 });
  };
  for (const root of roots) {
    visit(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.inputs[top.next++];
      if (input) visit(input);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}
