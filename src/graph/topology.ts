import type { Tensor } from '../ops/tensor.js';

/** All tensors that `roots` are computed from, themselves included, inputs before what uses them. */
export function topological(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // An explicit stack: graphs of gradients of gradients are deeper than a call stack should be.
  const stack: { tensor: Tensor; next: number }[] = [];
  const visit = (tensor: Tensor) => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    stack.push({ tensor, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.tensor.inputs[top.next++];
      if (input) visit(input);
      else order.push(stack.pop()!.tensor);
    }
  }
  return order;
}
