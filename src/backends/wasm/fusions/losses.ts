import { type CompiledNode, partOf } from '../../../compiler/node.js';
import { type Rewrite, substitute } from '../../../compiler/rewrite.js';
import { topological } from '../../../graph/topology.js';

/** Losses with an operator for their gradient, and what computes both. */
const JOINED = {
  kdLoss: { gradient: 'kdLossGradient', both: 'kdLossAndGradient' },
  angleLoss: { gradient: 'angleLossGradient', both: 'angleLossAndGradient' },
} as const;

/** Such a loss and its gradient over the same inputs are computed in one pass, unless the gradient's upstream needs the loss. */
export const fuseLosses: Rewrite = {
  name: 'losses with their gradients',
  apply: (roots) => {
    let result = new Map(topological(roots).map((node) => [node, node]));
    // One pair at a time: what one pair's upstream reads may belong to another.
    for (;;) {
      const current = roots.map((root) => result.get(root)!);
      const pair = findPair(topological(current));
      if (!pair) return result;
      const step = substitute(current, joined(pair));
      result = new Map([...result].map(([node, now]) => [node, step.get(now) ?? now]));
    }
  },
};

interface Pair {
  loss: CompiledNode;
  gradient: CompiledNode;
  both: string;
}

function findPair(nodes: readonly CompiledNode[]): Pair | undefined {
  for (const [kind, { gradient: ofGradient, both }] of Object.entries(JOINED)) {
    const losses = nodes.filter(({ op }) => op === kind);
    for (const gradient of nodes.filter(({ op }) => op === ofGradient)) {
      const loss = losses.find((candidate) => belongTogether(candidate, gradient));
      if (loss) return { loss, gradient, both };
    }
  }
  return undefined;
}

function belongTogether(loss: CompiledNode, gradient: CompiledNode): boolean {
  return (
    loss.inputs.every((input, i) => input === gradient.inputs[i]) &&
    JSON.stringify(loss.attributes) === JSON.stringify(gradient.attributes) &&
    !topological([gradient.inputs.at(-1)!]).includes(loss)
  );
}

function joined({ loss, gradient, both }: Pair): Map<CompiledNode, CompiledNode> {
  const whole = { ...gradient, op: both };
  return new Map<CompiledNode, CompiledNode>([
    [loss, partOf(whole, 0, loss)],
    [gradient, partOf(whole, 1, gradient)],
  ]);
}
