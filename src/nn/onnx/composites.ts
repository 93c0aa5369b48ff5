import type { Shape } from '../../graph/shape.js';
import type { CompositeName } from '../layers/composite.js';
import type { GraphBuilder, Value } from './graph.js';

/** Adds the nodes that join what the branches of a composite make, of tensors in one order; `output` is its shape. */
type Joiner = (path: string, branches: readonly string[], output: Shape, graph: GraphBuilder) => string;

/** Every composite; a missing one is a compile error. */
const joiners: { readonly [K in CompositeName]: Joiner } = {
  // Two at a time, in the order in which they are added inside.
  sum: (path, branches, _output, graph) =>
    branches.reduce((a, b, i) => graph.node('Add', i === branches.length - 1 ? path : `${path}.sum`, [a, b])),
  // Along the channels: an image's are the second axis, others' are the last.
  concat: (path, branches, output, graph) =>
    graph.node('Concat', path, branches, { axis: { int: output.length === 3 ? 1 : output.length } }),
};

export function join(
  { kind, path, output }: { kind: CompositeName; path: string; output: Shape },
  branches: readonly Value[],
  graph: GraphBuilder,
): Value {
  const isImage = output.length === 3;
  const alike = branches.map((branch) => (isImage ? branch : graph.row(branch, path)).name);
  const name = joiners[kind](path, alike, output, graph);
  return isImage ? { name, image: output } : { name };
}
