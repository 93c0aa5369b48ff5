// Writes assembly/gemm/micro-kernels.ts and micro-kernels-fused.ts (the build runs it): GEMM's register micro-kernels, all
// from one template; and those of convolution (conv-kernels.mjs) into assembly/conv. The fused ones are those of the fast build, which has relaxed SIMD.
//
// Name: LAYOUT_ROWSxCOLUMNS. LAYOUT is how A lies: `rows` (row-major, lda bytes between rows), `columns` (lda bytes between
// k-steps, as a transposed product reads it) or `tiles` (packed: a whole tile's rows side by side for each k). B is
// a packed panel: for each k, COLUMNS floats. One call takes all whole tiles, then what rows are left.
//
// What shapes the template is V8's instruction scheduler: it moves every load of a basic block ahead of the
// arithmetic, so a block may hold no more loads than there are registers to spare (15 on x86, ten of them accumulators).
// Single rows or pairs of rows therefore end in a conditional break: a fence, which never leaves the loop, because b is 16-byte
// aligned and never equals the small odd numbers it is compared to. Without fences the kernels run at less than half their speed.
import { writeFileSync } from 'node:fs';
import { convKernels } from './conv-kernels.mjs';
import { weightKernels } from './weight-kernels.mjs';

/** Largest tile (rows × vectors of four columns), and the rows that end in a fence. Of exact kernels ten accumulators, two
 * vectors of B, two of A and a product take all registers; of fused ones an accumulator is updated in place, so that there may
 * be twelve. */
const EXACT = {
  file: 'micro-kernels',
  rows: 5,
  vectors: 2,
  fenced: (row) => row % 2 === 1,
  multiplyAdd: (sum, x, y) => `f32x4.add(${sum}, f32x4.mul(${x}, ${y}))`,
};
const FUSED = {
  file: 'micro-kernels-fused',
  rows: 6,
  vectors: 2,
  fenced: (row) => row % 2 === 0,
  multiplyAdd: (sum, x, y) => `f32x4.relaxed_madd(${x}, ${y}, ${sum})`,
};
/** K-steps of a turn of the loop: a taken branch costs more than its instruction. */
const TURN = 8;
const LAYOUTS = ['rows', 'columns', 'tiles'];

const range = (n) => Array.from({ length: n }, (_, i) => i);

function microKernel({ rows: tileRows, fenced, multiplyAdd }, layout, rows, vectors) {
  const panelRow = vectors * 16;
  let fence = 1;
  const lines = [];
  const cell = (i, j) => `c${i}${j}`;
  for (const i of range(rows)) {
    lines.push(
      `let ${range(vectors)
        .map((j) => `${cell(i, j)} = f32x4.splat(0)`)
        .join(', ')};`,
    );
  }
  lines.push(
    `let x: v128, ${range(vectors)
      .map((j) => `b${j}: v128`)
      .join(', ')};`,
  );
  if (layout === 'rows') {
    lines.push(
      `let a0 = a${range(rows)
        .slice(1)
        .map((i) => `, a${i} = a${i - 1} + lda`)
        .join('')};`,
    );
  }
  if (layout === 'columns') lines.push('let p = a;');
  const from = layout === 'columns' ? 'p' : 'a';
  /** The arguments of the load of A's element in row i of the tile, u k-steps ahead. */
  const elementOfA = (i, u) => (layout === 'rows' ? `a${i}, ${u * 4}` : `${from}, ${i * 4}`);
  const steps = (count) => {
    for (const u of range(count)) {
      for (const j of range(vectors)) lines.push(`  b${j} = v128.load(b, ${u * panelRow + j * 16});`);
      for (const i of range(rows)) {
        lines.push(`  x = v128.load32_splat(${elementOfA(i, u)});`);
        for (const j of range(vectors))
          lines.push(`  ${cell(i, j)} = ${multiplyAdd(cell(i, j), 'x', `b${j}`)};`);
        if (i + 1 < rows ? fenced(i + 1) : u + 1 < count) {
          lines.push(`  if (b == ${fence}) break;`);
          fence += 2;
        }
      }
      if (layout === 'columns') lines.push('  p += lda;');
      if (layout === 'tiles') lines.push(`  a += ${tileRows * 4};`);
    }
    if (layout === 'rows')
      lines.push(
        `  ${range(rows)
          .map((i) => `a${i} += ${count * 4};`)
          .join(' ')}`,
      );
    lines.push(`  b += ${count * panelRow};`);
  };
  lines.push(`const end = b + <usize>depth * ${panelRow};`);
  lines.push(`for (const whole = end - ${(TURN - 1) * panelRow}; b < whole; ) {`);
  steps(TURN);
  lines.push('}');
  lines.push('while (b < end) {');
  steps(1);
  lines.push('}');
  lines.push('if (accumulate) {');
  const store = (_i, j, value) => `  v128.store(c, ${value}, ${j * 16});`;
  const rowsOf = (value) =>
    range(rows).flatMap((i) => [
      ...range(vectors).map((j) => store(i, j, value(i, j))),
      ...(i < rows - 1 ? ['  c += ldc;'] : []),
    ]);
  lines.push(...rowsOf((i, j) => `f32x4.add(v128.load(c, ${j * 16}), ${cell(i, j)})`), '} else {');
  lines.push(...rowsOf(cell), '}');
  const name = `${layout}_${rows}x${vectors * 4}`;
  const whole = rows === tileRows;
  const parameters = whole ? `tiles: i32, ${PARAMETERS[layout]}` : PARAMETERS[layout];
  const body = whole ? everyTile(lines, layout, rows) : lines;
  return `function ${name}(${parameters}): void {\n${body.map((l) => `  ${l}`).join('\n')}\n}\n`;
}

/** One call for all tiles: a call for each costs three per cent, and a fifth where depth is ten. */
function everyTile(lines, layout, rows) {
  const next = { rows: [`  a += ${rows} * lda;`], columns: [`  a += ${rows * 4};`], tiles: [] };
  return [
    'const panel = b;',
    'while (true) {',
    ...lines.map((l) => `  ${l}`),
    '  if (--tiles == 0) break;',
    ...next[layout],
    '  b = panel;',
    '  c += ldc;',
    '}',
  ];
}

const HOW = { rows: 'by rows', columns: 'by columns', tiles: 'packed by tiles' };
const STRIDED = 'depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool';
const PARAMETERS = { rows: STRIDED, columns: STRIDED, tiles: STRIDED.replace('lda: usize, ', '') };
/** Bytes that so many rows of A take. */
const TAKEN = { rows: 'lda', columns: '4', tiles: '(<usize>depth << 2)' };

function dispatcher({ rows, vectors }, layout) {
  const names = PARAMETERS[layout].replaceAll(/: \w+/g, '');
  const kernel = (i, j) => `${layout}_${i}x${j * 4}`;
  const wholes = range(vectors).map(
    (j) => `    if (vectors == ${j + 1}) ${kernel(rows, j + 1)}(tiles, ${names});`,
  );
  const rests = range(rows - 1).flatMap((i) =>
    range(vectors).map((j) => `    case ${(i + 1) * 4 + j + 1}: return ${kernel(i + 1, j + 1)}(${names});`),
  );
  return `/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A ${HOW[layout]}; strides in bytes. */
export function by_${layout}(rows: i32, vectors: i32, ${PARAMETERS[layout]}): void {
  const tiles = rows / ${rows};
  const above = ${rows} * tiles;
  if (tiles > 0) {
${wholes.join('\n')}
    a += <usize>above * ${TAKEN[layout]};
    c += <usize>above * ldc;
  }
  switch ((rows - above) * 4 + vectors) {
${rests.join('\n')}
  }
}
`;
}

const HEAD = '// Made by scripts/generate-micro-kernels.mjs: change that, not this.\n';

for (const build of [EXACT, FUSED]) {
  const parts = [HEAD];
  for (const layout of LAYOUTS) {
    for (const i of range(build.rows))
      for (const j of range(build.vectors)) parts.push(microKernel(build, layout, i + 1, j + 1));
    parts.push(dispatcher(build, layout));
  }
  writeFileSync(new URL(`../assembly/gemm/${build.file}.ts`, import.meta.url), parts.join('\n'));
  writeFileSync(
    new URL(`../assembly/conv/${build.file}.ts`, import.meta.url),
    `${HEAD}\n${convKernels(build)}`,
  );
  writeFileSync(
    new URL(`../assembly/conv/weight-${build.file}.ts`, import.meta.url),
    `${HEAD}\n${weightKernels(build)}`,
  );
}
