import type { CompiledNode } from '../../../compiler/node.js';
import { sameShape } from '../../../graph/shape.js';
import { topological } from '../../../graph/topology.js';
import { chunksOf } from './channel-nodes.js';
import type { FusedNode } from './nodes.js';

/** The gradient up, or what it is masked from by relu(x·a + b), with a and b. */
export interface Upstream {
  readonly up: CompiledNode;
  readonly by: readonly CompiledNode[];
}

/**
 * The gradient of a batch norm's input, as the rules of normalize and moments write it, in one pass:
 * up·slope + (toMean + toVariance·(x − mean)); undefined if the node is anything else.
 */
export function normGradient(
  node: CompiledNode,
  upstreamOf: (up: CompiledNode, x: CompiledNode) => Upstream,
): FusedNode<'normGradient'> | undefined {
  const [own, through] = operands(node, 'add');
  const [up, slope] = operands(own, 'multiply');
  const [toMean, last] = operands(through, 'add');
  const [toVariance, centered] = operands(last, 'multiply');
  const [x, mean] = operands(centered, 'subtract');
  if (!up || !x) return undefined;
  const rows = [slope, mean, toVariance, toMean].map((row) => channelRow(row!, x));
  if (!rows.every((row) => row !== undefined)) return undefined;
  const { up: from, by } = upstreamOf(up, x);
  return {
    op: 'normGradient',
    inputs: [x, from, ...rows, ...by],
    attributes: { chunks: chunksOf(x) },
    shape: node.shape,
    dtype: 'f32',
  };
}

/**
 * What a node masks by relu(x·a + b) of this x, which can be computed again; else the node itself, and where it is
 * `kept` in memory anyway.
 */
export function unmasked(node: CompiledNode, x: CompiledNode, kept: boolean): Upstream {
  const whole = { up: node, by: [] };
  const [up, relu] = operands(node, 'mask');
  if (kept || !up || (relu!.attributes as { kind?: string }).kind !== 'relu') return whole;
  const [product, b] = operands(relu!.inputs[0], 'add');
  const [from, a] = operands(product, 'multiply');
  const by = [a, b].map((row) => row && channelRow(row, x));
  return from === x && by.every((row) => row !== undefined) ? { up, by } : whole;
}

/** Nodes that are read by more than the two parts of a batch norm's gradient, so that they are computed in any case. */
export function readByOthers(roots: readonly CompiledNode[]): Set<CompiledNode> {
  const result = new Set(roots);
  for (const node of topological(roots))
    if (node.op !== 'centeredSums' && !operands(node, 'multiply').length)
      for (const input of node.inputs) result.add(input);
  return result;
}

function operands(node: CompiledNode | undefined, kind: string): readonly CompiledNode[] {
  const isKind = node?.op === 'binary' && (node.attributes as { kind: string }).kind === kind;
  return isKind ? node.inputs : [];
}

/** The vector [c] that a node repeats over the pixels of x, if it is one. */
function channelRow({ op, inputs }: CompiledNode, x: CompiledNode): CompiledNode | undefined {
  const [row] = inputs;
  return op === 'broadcast' && sameShape(row!.shape, x.shape.slice(-1)) ? row : undefined;
}
