import type { DType, Shape } from '../graph/shape.js';
import type { Effect, Tensor } from '../graph/tensor.js';

/**
 * A node as the compiler sees it: one of the graph, or one that a backend's rewrites have substituted for several. What
 * its `op` and attributes mean is the backend's business.
 */
export interface CompiledNode {
  readonly op: string;
  readonly inputs: readonly CompiledNode[];
  readonly attributes: object;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Of a variable, or of a table that a backend makes. */
  readonly name?: string;
}

/** An effect whose inputs have been rewritten. */
export interface CompiledEffect {
  readonly effect: Effect;
  readonly inputs: readonly CompiledNode[];
}

/** One output of a node that produces several; its only input is that node, which has no memory of its own. */
export interface Part extends CompiledNode {
  readonly op: 'part';
  readonly attributes: { readonly index: number };
}

/** Output `index` of a fused node, in place of the original tensor. */
export function partOf(whole: CompiledNode, index: number, like: CompiledNode): Part {
  return { op: 'part', inputs: [whole], attributes: { index }, shape: like.shape, dtype: like.dtype };
}

export function isSource(node: CompiledNode): boolean {
  return node.op === 'variable' || node.op === 'fill' || node.op === 'constant';
}

/** The node whose memory this one uses: reshapes are aliases. */
export function memoryOf(node: CompiledNode): CompiledNode {
  return node.op === 'reshape' ? memoryOf(node.inputs[0]!) : node;
}

/** An effect's inputs; the graph's tensors are already compiler nodes. */
export function inputsOf(effect: Effect): readonly CompiledNode[] {
  return effect.inputs satisfies readonly Tensor[];
}
