// Writes assembly/gemm/micro-kernels.ts (the build runs it): GEMM's register micro-kernels, all from one template.
//
// Name: LAYOUT_ROWSxCOLUMNS. LAYOUT is how A lies: `rows` (row-major, lda bytes between rows) or `columns`
// (lda bytes between k-steps, as a transposed product reads it). B is a packed panel: for each k, COLUMNS floats.
//
// What shapes the template is V8's instruction scheduler: it moves every load of a basic block ahead of the
// arithmetic, so a block may hold no more loads than there are registers to spare (15 on x86, 9 of them accumulators).
// Each pair of rows therefore ends in a conditional break: a fence, which never leaves the loop, because b is 16-byte
// aligned and never equals the small odd numbers it is compared to. Without fences 3x12 runs at 0.4 of its speed.
import { writeFileSync } from 'node:fs';

const ROWS = 3;
const VECTORS = 3; // of four columns
const UNROLL = 2;
const FENCED_ROWS = 2;

const range = (n) => Array.from({ length: n }, (_, i) => i);

function microKernel(layout, rows, vectors) {
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
  lines.push(`const end = b + <usize>depth * ${panelRow}, last = end - ${panelRow};`, 'while (true) {');
  for (const u of range(UNROLL)) {
    for (const j of range(vectors)) lines.push(`  b${j} = v128.load(b, ${u * panelRow + j * 16});`);
    for (const i of range(rows)) {
      lines.push(
        layout === 'rows'
          ? `  x = v128.load32_splat(a${i}, ${u * 4});`
          : `  x = v128.load32_splat(a, ${i * 4});`,
      );
      for (const j of range(vectors))
        lines.push(`  ${cell(i, j)} = f32x4.add(${cell(i, j)}, f32x4.mul(x, b${j}));`);
      if ((i + 1) % FENCED_ROWS === 0 && i + 1 < rows) {
        lines.push(`  if (b == ${fence}) break;`);
        fence += 2;
      }
    }
    if (layout === 'columns') lines.push('  a += lda;');
    if (u < UNROLL - 1) lines.push('  if (b >= last) break;');
  }
  if (layout === 'rows')
    lines.push(
      `  ${range(rows)
        .map((i) => `a${i} += ${UNROLL * 4};`)
        .join(' ')}`,
    );
  lines.push(`  b += ${UNROLL * panelRow};`, '  if (b >= end) break;', '}', 'if (accumulate) {');
  const store = (_i, j, value) => `  v128.store(c, ${value}, ${j * 16});`;
  const rowsOf = (value) =>
    range(rows).flatMap((i) => [
      ...range(vectors).map((j) => store(i, j, value(i, j))),
      ...(i < rows - 1 ? ['  c += ldc;'] : []),
    ]);
  lines.push(...rowsOf((i, j) => `f32x4.add(v128.load(c, ${j * 16}), ${cell(i, j)})`), '} else {');
  lines.push(...rowsOf(cell), '}');
  const name = `${layout}_${rows}x${columns}`;
  const parameters = 'depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool';
  return `function ${name}(${parameters}): void {\n${lines.map((l) => `  ${l}`).join('\n')}\n}\n`;
}

function dispatcher(layout) {
  const cases = range(ROWS).flatMap((i) =>
    range(VECTORS).map((j) => {
      const name = `${layout}_${i + 1}x${(j + 1) * 4}`;
      return `    case ${(i + 1) * 4 + j + 1}: return ${name}(depth, a, lda, b, c, ldc, accumulate);`;
    }),
  );
  return `/** C[rows, 4·vectors] (+)= A[rows, depth]·B[depth, 4·vectors], A by ${layout}; lda and ldc in bytes, depth ≥ 1. */
export function by_${layout}(
  rows: i32, vectors: i32, depth: i32, a: usize, lda: usize, b: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  switch (rows * 4 + vectors) {
${cases.join('\n')}
    default: unreachable();
  }
}
`;
}

const parts = ['// Made by scripts/generate-micro-kernels.mjs: change that, not this.\n'];
for (const layout of ['rows', 'columns']) {
  for (const i of range(ROWS)) for (const j of range(VECTORS)) parts.push(microKernel(layout, i + 1, j + 1));
  parts.push(dispatcher(layout));
}
writeFileSync(new URL('../assembly/gemm/micro-kernels.ts', import.meta.url), parts.join('\n'));
