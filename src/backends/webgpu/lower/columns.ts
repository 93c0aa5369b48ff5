import type { CompiledNode } from '../../../compiler/node.js';
import { type Kernel, type KernelParts, kernel, LANES, line, pointwise } from '../kernel.js';
import { maximum } from '../math.js';
import { scratch } from './lowering.js';
import { joined, powerAbove, type Tree, tree } from './trees.js';

/** Elements before, along and after the axis that is reduced. */
export interface Split {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** A sum or maximum along the middle one of three axes. */
export interface Reduction {
  readonly name: string;
  readonly reads: KernelParts['reads'];
  readonly split: Split;
  readonly join: Tree['join'];
  /** With vec2f, y has both numbers of each column one axis apart: [outer, 2, inner]. */
  readonly type: Tree['type'];
  /** The body of a WGSL function of `outer`, `row` and `column`, which returns an element. */
  readonly element: string;
  readonly globals?: string;
  readonly y: CompiledNode;
}

/** A sum this short is one invocation's. */
const SHORT = 16;
/** Workgroups that keep an adapter busy: longer sums are cut into so many, if each invocation has this many rows. */
const ENOUGH_GROUPS = 512;
const ROWS_EACH = 16;
/** A column's rows go to more invocations if one would have more of them, and as few columns side by side as this. */
const FEW_ROWS = 8;
const FEW_COLUMNS = 4;

/** The kernels of a reduction: one, or two where long sums are cut into chunks. */
export function reduction(whole: Reduction): Kernel[] {
  const { split, type } = whole;
  if (split.length <= SHORT && type === 'f32') return [short(whole)];
  const tiling = tilingOf(split);
  if (tiling.chunks === 1) return [pass(whole, tiling)];
  const { outer, inner } = split;
  const parts = scratch([outer, tiling.chunks, type === 'f32' ? 1 : 2, inner]);
  const rest: Reduction = {
    ...{ name: whole.name, join: whole.join, type, y: whole.y, reads: { parts } },
    split: { outer, length: tiling.chunks, inner },
    element: elementOfParts(type, tiling.chunks, inner),
  };
  return [pass({ ...whole, y: parts }, tiling), pass(rest, uncut(rest.split))];
}

function elementOfParts(type: Tree['type'], chunks: number, inner: number): string {
  if (type === 'f32') return `return parts[(outer * ${chunks}u + row) * ${inner}u + column];`;
  return `let at = (outer * ${chunks}u + row) * ${2 * inner}u + column;
  return vec2f(parts[at], parts[at + ${inner}u]);`;
}

function short({ name, reads, split, join, element, globals = '', y }: Reduction): Kernel {
  const { length, inner } = split;
  return pointwise(name, y, {
    reads,
    writes: { y },
    globals: `${globals}${maximumFor(join, globals)}${elementFunction('f32', element)}`,
    body: `  let outer = i / ${inner}u;
  let column = i % ${inner}u;
  var value = element(outer, 0u, column);
  for (var row = 1u; row < ${length}u; row++) {
    value = ${joined(join, 'value', 'element(outer, row, column)')};
  }
  y[i] = value;`,
  });
}

function pass(whole: Reduction, tiling: Tiling): Kernel {
  const { name, reads, split, join, type, element, globals = '', y } = whole;
  const { lanes, groups } = tiling;
  const { workgroups, index } = line(groups);
  return kernel({
    name,
    reads,
    writes: { y },
    workgroups,
    lanes,
    globals: `${globals}${maximumFor(join, globals)}${elementFunction(type, element)}${treeOf('across', tiling, { join, type })}`,
    // A maximum begins with an element, which does no harm twice: no infinity is needed.
    body: `${placed(split, tiling, index)}
  var value = ${join === 'max' ? 'element(outer, first, column)' : `${type}()`};
${joining(join, tiling, 'value', (row) => `element(outer, ${row}, column)`)}
  value = across(lane, phase, value);
  if (!writes) { return; }
${
  type === 'f32'
    ? `  y[(outer * ${tiling.chunks}u + chunk) * ${split.inner}u + column] = value;`
    : `  let at = (outer * ${tiling.chunks}u + chunk) * ${2 * split.inner}u + column;
  y[at] = value.x;
  y[at + ${split.inner}u] = value.y;`
}`,
  });
}

function elementFunction(type: Tree['type'], body: string): string {
  return `
fn element(outer: u32, row: u32, column: u32) -> ${type} {
  ${body}
}
`;
}

function maximumFor(join: Tree['join'], globals: string): string {
  return join === 'max' && !globals.includes('fn maximum(') ? maximum : '';
}

/** A workgroup's invocations: `columns` side by side, `phases` below each other, which share the rows of a chunk. */
export interface Tiling {
  readonly columns: number;
  readonly phases: number;
  readonly lanes: number;
  /** Workgroups side by side. */
  readonly tiles: number;
  /** Workgroups that share a column, and the rows of each. */
  readonly chunks: number;
  readonly rows: number;
  readonly groups: number;
}

export function tilingOf(split: Split): Tiling {
  const whole = tilingWith(split, widest(split));
  const most = Math.floor(split.length / (whole.phases * ROWS_EACH));
  const wanted = Math.min(most, Math.ceil(ENOUGH_GROUPS / whole.groups));
  if (wanted <= 1) return uncut(split);
  const rows = Math.ceil(split.length / wanted);
  const chunks = Math.ceil(split.length / rows);
  return { ...whole, chunks, rows, groups: whole.groups * chunks };
}

/** A tiling where each column is one workgroup's. */
export function uncut(split: Split): Tiling {
  let tiling = tilingWith(split, widest(split));
  while (
    tiling.columns > FEW_COLUMNS &&
    split.length / tiling.phases > FEW_ROWS &&
    tiling.groups < ENOUGH_GROUPS
  )
    tiling = tilingWith(split, tiling.columns / 2);
  return tiling;
}

const widest = ({ inner }: Split): number => Math.min(32, powerAbove(inner));

function tilingWith({ outer, length, inner }: Split, columns: number): Tiling {
  const phases = LANES / columns;
  const tiles = Math.ceil(inner / columns);
  return {
    ...{ columns, phases, lanes: columns * phases, tiles },
    ...{ chunks: 1, rows: length, groups: tiles * outer },
  };
}

/**
 * Statements that join values, expressions of their row, to the variable `to`: an invocation's rows in order. Four are
 * read at once, as each waits for memory.
 */
export function joining(
  join: Tree['join'],
  { phases }: Tiling,
  to: string,
  value: (row: string) => string,
): string {
  const four = [0, 1, 2, 3];
  return `  {
    var row = first + phase;
    for (; row + ${3 * phases}u < end; row += ${4 * phases}u) {
${four.map((i) => `      let value${i} = ${value(`row + ${i * phases}u`)};`).join('\n')}
${four.map((i) => `      ${to} = ${joined(join, to, `value${i}`)};`).join('\n')}
    }
    for (; row < end; row += ${phases}u) { ${to} = ${joined(join, to, value('row'))}; }
  }`;
}

/**
 * WGSL that finds an invocation's place: `outer`, `chunk` with its rows from `first` to `end`, `phase`, and `column`,
 * which stays within the matrix; `writes` says whether the invocation writes the column's result.
 */
export function placed(
  { length, inner }: Split,
  { columns, tiles, chunks, rows, groups }: Tiling,
  index: string,
): string {
  return `  let place = ${index};
  let chunk = place % ${chunks}u;
  let outer = place / ${chunks * tiles}u;
  let own = ((place / ${chunks}u) % ${tiles}u) * ${columns}u + lane % ${columns}u;
  let column = min(own, ${inner - 1}u);
  let phase = lane / ${columns}u;
  let first = chunk * ${rows}u;
  let end = min(first + ${rows}u, ${length}u);
  let writes = phase == 0u && own < ${inner}u && place < ${groups}u;`;
}

/** The tree that joins the phases of a tiling. */
export function treeOf(
  name: string,
  { lanes, phases, columns }: Tiling,
  { join = 'sum', type = 'f32' }: Partial<Pick<Tree, 'join' | 'type'>> = {},
): string {
  return tree({ name, type, join, lanes, count: phases, apart: columns });
}
