import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import { float, type Kernel, kernel, line, pointwise } from '../kernel.js';
import { joining, placed, reduction, type Split, type Tiling, tilingOf, treeOf, uncut } from './columns.js';
import { type Lowering, scratch } from './lowering.js';

/** Mean and Σ (x − mean)² of each chunk of rows, then of all: a chunk's own mean keeps the squares small. */
export const moments: Lowering<'moments'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  const split = matrix(x);
  const tiling = tilingOf(split);
  if (tiling.chunks === 1) return chunkMoments(x, node, split, tiling, `/ ${float(split.length)}`);
  const parts = scratch([tiling.chunks, 2, split.inner]);
  return [chunkMoments(x, parts, split, tiling, ''), joinedMoments(parts, node, split, tiling)];
};

function matrix({ shape }: CompiledNode): Split {
  const inner = shape.at(-1)!;
  return { outer: 1, length: size(shape) / inner, inner };
}

const square = `
fn square(x: f32) -> f32 { return x * x; }
`;

/** [chunks, 2, c]: means and sums of squares around them, divided as `share` says. */
function chunkMoments(x: CompiledNode, y: CompiledNode, split: Split, tiling: Tiling, share: string): Kernel {
  const { inner } = split;
  const { workgroups, index } = line(tiling.groups);
  return kernel({
    name: 'moments',
    reads: { x },
    writes: { y },
    workgroups,
    lanes: tiling.lanes,
    globals: `${square}${treeOf('across', tiling)}`,
    body: `${placed(split, tiling, index)}
  var sum = 0.0f;
${joining('sum', tiling, 'sum', (row) => `x[(${row}) * ${inner}u + column]`)}
  let mean = across(lane, phase, sum) / f32(end - first);
  var squares = 0.0f;
${joining('sum', tiling, 'squares', (row) => `square(x[(${row}) * ${inner}u + column] - mean)`)}
  squares = across(lane, phase, squares);
  if (!writes) { return; }
  y[chunk * ${2 * inner}u + column] = mean;
  y[chunk * ${2 * inner}u + ${inner}u + column] = squares${share};`,
  });
}

/** Of chunks: the mean of means, weighted, and Σ squares + Σ n·(mean of the chunk − mean)². */
function joinedMoments(
  parts: CompiledNode,
  y: CompiledNode,
  { length, inner }: Split,
  chunks: Tiling,
): Kernel {
  const split = { outer: 1, length: chunks.chunks, inner };
  const tiling = uncut(split);
  const { workgroups, index } = line(tiling.groups);
  return kernel({
    name: 'moments',
    reads: { parts },
    writes: { y },
    workgroups,
    lanes: tiling.lanes,
    globals: `${square}${treeOf('across', tiling)}
fn count_of(row: u32) -> f32 { return f32(min(${chunks.rows}u, ${length}u - row * ${chunks.rows}u)); }
fn mean_of(row: u32, column: u32) -> f32 { return parts[row * ${2 * inner}u + column]; }
fn squares_of(row: u32, column: u32) -> f32 { return parts[row * ${2 * inner}u + ${inner}u + column]; }
`,
    body: `${placed(split, tiling, index)}
  var sum = 0.0f;
${joining('sum', tiling, 'sum', (row) => `count_of(${row}) * mean_of(${row}, column)`)}
  let mean = across(lane, phase, sum) / ${float(length)};
  var squares = 0.0f;
${joining(
  'sum',
  tiling,
  'squares',
  (row) => `squares_of(${row}, column) + count_of(${row}) * square(mean_of(${row}, column) - mean)`,
)}
  squares = across(lane, phase, squares);
  if (!writes) { return; }
  y[column] = mean;
  y[${inner}u + column] = squares / ${float(length)};`,
  });
}

export const normalize: Lowering<'normalize'> = (node) => {
  const [x, own, scale, shift] = node.inputs as [CompiledNode, CompiledNode, CompiledNode, CompiledNode];
  const channels = node.shape.at(-1)!;
  return pointwise('normalize', node, {
    reads: { x, moments: own, scale, shift },
    writes: { y: node },
    body: `  let c = i % ${channels}u;
  let factor = scale[c] / sqrt(moments[${channels}u + c] + ${float(node.attributes.epsilon)});
  y[i] = (x[i] - moments[c]) * factor + shift[c];`,
  });
};

export const centeredSums: Lowering<'centeredSums'> = (node) => {
  const [y, x, own] = node.inputs as [CompiledNode, CompiledNode, CompiledNode];
  const split = matrix(x);
  return reduction({
    name: 'centeredSums',
    reads: { v: y, x, moments: own },
    split,
    join: 'sum',
    type: 'vec2f',
    element: `let i = row * ${split.inner}u + column;
  return vec2f(v[i], v[i] * (x[i] - moments[column]));`,
    y: node,
  });
};
