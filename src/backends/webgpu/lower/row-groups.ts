import type { CompiledNode } from '../../../compiler/node.js';
import { type Kernel, type KernelParts, kernel, LANES, line } from '../kernel.js';
import { maximum } from '../math.js';
import { powerAbove, tree } from './trees.js';

/** A workgroup for each row of a matrix, or for several short ones. */
export interface RowKernel {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly reads: KernelParts['reads'];
  readonly writes: Readonly<Record<string, CompiledNode>>;
  readonly globals: string;
  /**
   * Knows `row` (a valid one), `first` (the row's first element), `lane`, `place` (the invocation's number in the row)
   * and `WIDTH` (how many there are), the functions `row_sum(lane, place, x)` and `row_max(lane, place, x)`, which all
   * must call, and `writes`: whether the row is there at all.
   */
  readonly body: string;
}

export function rowKernel({ name, rows, columns, reads, writes, globals, body }: RowKernel): Kernel {
  const width = Math.min(LANES, powerAbove(columns));
  const together = LANES / width;
  const { workgroups, index } = line(Math.ceil(rows / together));
  const trees = (['sum', 'max'] as const)
    .filter((join) => body.includes(`row_${join}(`))
    .map((join) => tree({ name: `row_${join}`, type: 'f32', join, lanes: LANES, count: width, apart: 1 }));
  return kernel({
    name,
    reads,
    writes,
    workgroups,
    globals: `const WIDTH = ${width}u;
const COLUMNS = ${columns}u;
${body.includes('maximum(') || body.includes('row_max(') ? maximum : ''}${globals}${trees.join('')}`,
    body: `  let place = lane % WIDTH;
  let own = (${index}) * ${together}u + lane / WIDTH;
  let writes = own < ${rows}u;
  let row = min(own, ${rows - 1}u);
  let first = row * COLUMNS;
${body}`,
  });
}
