// Writes assembly/gemm/micro-kernels.ts and micro-kernels-fused.ts (the build runs it): GEMM's register micro-kernels, all
// from one template. The fused ones are those of the fast build, which has relaxed SIMD.
//
// Name: LAYOUT_ROWSxCOLUMNS. LAYOUT is how A lies: `rows` (row-major, lda bytes between rows), `columns` (lda bytes between
// k-steps, as a transposed product reads it) or `tiles` (packed, a tile's rows side by side for each k). B is a packed panel: for
// each k, COLUMNS floats.
//
// What shapes the template is V8's instruction scheduler: it moves every load of a basic block ahead of the
// arithmetic, so a block may hold no more loads than there are registers to spare (15 on x86, 9 of them accumulators).
// Each row or pair of rows therefore ends in a conditional break: a fence, which never leaves the loop, because b is 16-byte
// aligned and never equals the small odd numbers it is compared to. Without fences 3x12 runs at 0.4 of its speed.
import { writeFileSync } from 'node:fs';

/** Largest tile (rows × vectors of four columns), and rows between fences; of fused kernels an accumulator is updated in
 * place, so that twelve of them leave registers for the loads of a row. */
const EXACT = {
  file: 'micro-kernels',
  rows: 3,
  vectors: 3,
  fencedRows: { rows: 2, columns: 2, tiles: 1 },
  multiplyAdd: (sum, x, y) => `f32x4.add(${sum}, f32x4.mul(${x}, ${y}))`,
};
const FUSED = {
  file: 'micro-kernels-fused',
  rows: 6,
  vectors: 2,
  fencedRows: { rows: 2, columns: 2, tiles: 2 },
  multiplyAdd: (sum, x, y) => `f32x4.relaxed_madd(${x}, ${y}, ${sum})`,
};
/** K-steps a turn: packed operands are padded with zeros to whole turns, others need an exit after every step. */
const UNROLL = { rows: 2, columns: 2, tiles: 8 };

const range = (n) => Array.from({ length: n }, (_, i) => i);

function microKernel({ rows: tileRows, fencedRows, multiplyAdd }, layout, rows, vectors) {
  const unroll = UNROLL[layout];
  const columns = vectors * 4;
  const panelRow = columns * 4;
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
  lines.push(`const end = b + <usize>depth * ${panelRow};`);
  if (layout !== 'tiles') lines.push(`const last = end - ${panelRow};`);
  lines.push('while (true) {');
  for (const u of range(unroll)) {
    for (const j of range(vectors)) lines.push(`  b${j} = v128.load(b, ${u * panelRow + j * 16});`);
    for (const i of range(rows)) {
      lines.push(`  x = v128.load32_splat(${elementOfA(layout, tileRows, i, u)});`);
      for (const j of range(vectors))
        lines.push(`  ${cell(i, j)} = ${multiplyAdd(cell(i, j), 'x', `b${j}`)};`);
      if ((i + 1) % fencedRows[layout] === 0 && (i + 1 < rows || (layout === 'tiles' && u < unroll - 1))) {
        lines.push(`  if (b == ${fence}) break;`);
        fence += 2;
      }
    }
    if (layout === 'columns') lines.push('  a += lda;');
    if (layout !== 'tiles' && u < unroll - 1) lines.push('  if (b >= last) break;');
  }
  if (layout === 'tiles') lines.push(`  a += ${unroll * tileRows * 4};`);
  if (layout === 'rows')
    lines.push(
      `  ${range(rows)
        .map((i) => `a${i} += ${unroll * 4};`)
        .join(' ')}`,
    );
  lines.push(`  b += ${unroll * panelRow};`, '  if (b >= end) break;', '}', 'if (accumulate) {');
  const store = (_i, j, value) => `  v128.store(c, ${value}, ${j * 16});`;
  const rowsOf = (value) =>
    range(rows).flatMap((i) => [
      ...range(vectors).map((j) => store(i, j, value(i, j))),
      ...(i < rows - 1 ? ['  c += ldc;'] : []),
    ]);
  lines.push(...rowsOf((i, j) => `f32x4.add(v128.load(c, ${j * 16}), ${cell(i, j)})`), '} else {');
  lines.push(...rowsOf(cell), '}');
  const name = `${layout}_${rows}x${columns}`;
  const parameters = PARAMETERS[layout];
  return `function ${name}(${parameters}): void {\n${lines.map((l) => `  ${l}`).join('\n')}\n}\n`;
}

/** The arguments of the load of A's element in row i of the tile, u k-steps ahead. */
function elementOfA(layout, tileRows, i, u) {
  if (layout === 'rows') return `a${i}, ${u * 4}`;
  if (layout === 'columns') return `a, ${i * 4}`;
  return `a, ${(u * tileRows + i) * 4}`;
}

const HOW = { rows: 'by rows', columns: 'by columns', tiles: 'packed by tiles' };
const STRIDED = 'depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool';
const PARAMETERS = { rows: STRIDED, columns: STRIDED, tiles: STRIDED.replace('lda: usize, ', '') };

function dispatcher({ rows, vectors }, layout) {
  const names = PARAMETERS[layout].replaceAll(/: \w+/g, '');
  const cases = range(rows).flatMap((i) =>
    range(vectors).map((j) => {
      const name = `${layout}_${i + 1}x${(j + 1) * 4}`;
      return `    case ${(i + 1) * 4 + j + 1}: return ${name}(${names});`;
    }),
  );
  const depth = layout === 'tiles' ? 'a multiple of TURN' : '≥ 1';
  return `/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A ${HOW[layout]}; strides in bytes, depth ${depth}. */
export function by_${layout}(rows: i32, vectors: i32, ${PARAMETERS[layout]}): void {
  switch (rows * 4 + vectors) {
${cases.join('\n')}
    default: unreachable();
  }
}
`;
}

for (const build of [EXACT, FUSED]) {
  const parts = [
    '// Made by scripts/generate-micro-kernels.mjs: change that, not this.\n',
    `/** K-steps of a turn of by_tiles. */\nexport const TURN: i32 = ${UNROLL.tiles};\n`,
  ];
  for (const layout of ['rows', 'columns', 'tiles']) {
    for (const i of range(build.rows))
      for (const j of range(build.vectors)) parts.push(microKernel(build, layout, i + 1, j + 1));
    parts.push(dispatcher(build, layout));
  }
  writeFileSync(new URL(`../assembly/gemm/${build.file}.ts`, import.meta.url), parts.join('\n'));
}
