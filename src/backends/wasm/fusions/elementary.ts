import type { CompiledNode } from '../../../compiler/node.js';
import type { BinaryKind, UnaryKind } from '../../../graph/names.js';
import type { Shape } from '../../../graph/shape.js';

/* Nodes of elementary operators that fusions write, in the very form that the graph's builders give them. */

export function unary(kind: UnaryKind, x: CompiledNode, value = 0): CompiledNode {
  return { op: 'unary', inputs: [x], attributes: { kind, value }, shape: x.shape, dtype: 'f32' };
}

export function binary(kind: BinaryKind, a: CompiledNode, b: CompiledNode): CompiledNode {
  return { op: 'binary', inputs: [a, b], attributes: { kind }, shape: a.shape, dtype: 'f32' };
}

export function repeated(x: CompiledNode, shape: Shape): CompiledNode {
  return { op: 'broadcast', inputs: [x], attributes: { shape }, shape, dtype: 'f32' };
}

export function reshaped(x: CompiledNode, shape: Shape): CompiledNode {
  return { op: 'reshape', inputs: [x], attributes: { shape }, shape, dtype: x.dtype };
}

export function filled(value: number, shape: Shape): CompiledNode {
  return { op: 'fill', inputs: [], attributes: { value }, shape, dtype: 'f32' };
}
