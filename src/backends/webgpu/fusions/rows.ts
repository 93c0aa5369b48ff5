import type { CompiledNode } from '../../../compiler/node.js';
import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';

/**
 * This step's rows of arrays that the plan doesn't write are read where they lie; `targets` are what it writes. A kernel
 * that can't do so has a copy made.
 */
export const rowsInPlace = (targets: ReadonlySet<CompiledNode>): Rewrite => ({
  name: "this step's rows where they lie",
  apply: (roots) =>
    rebuild(roots, (node) =>
      node.op === 'stepRead' && !targets.has(node.inputs[0]!) ? { ...node, op: 'row' } : node,
    ),
});
