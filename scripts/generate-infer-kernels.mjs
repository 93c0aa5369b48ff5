// Writes assembly/infer/tiles.ts (the build runs it): the register tiles of all products of wasm-distill/infer, f32 and 8
// bits, from one template.
//
// A tile is five pixels (or rows) by eight or four columns. Nothing of the images is packed: a pixel's numbers are read in
// place, in runs that lie one after the other in memory, such as the kw·c numbers of a kernel's row. There are no tiles of
// fewer pixels: who makes the table fills the last one up (src/infer/window.ts). The fences, conditional breaks that are
// never taken, are explained in generate-micro-kernels.mjs.
import { writeFileSync } from 'node:fs';

const ROWS = 5;
/**
 * A step takes four bytes of each pixel: a float, or two 16-bit numbers, whose products go into one sum. `turn`: steps of
 * a turn of the innermost loop, as a taken branch costs more than its instruction. (Turns of four steps are 3 % slower
 * for floats, and as fast or faster for whole numbers, whose runs are half as many steps.)
 */
const KINDS = {
  float: {
    turn: 8,
    multiplyAdd: (sum, x, b) => `f32x4.add(${sum}, f32x4.mul(${x}, ${b}))`,
    parameters: '',
    units: () => [],
    value: (sum) => sum,
  },
  int: {
    turn: 4,
    multiplyAdd: (sum, x, b) => `i32x4.add(${sum}, i32x4.dot_i16x8_s(${x}, ${b}))`,
    parameters: ' step: f32, scales: usize,',
    units: (vectors) =>
      range(vectors).map((j) => `const u${j} = f32x4.mul(f32x4.splat(step), v128.load(scales, ${j * 16}));`),
    value: (sum, j) => `f32x4.mul(f32x4.convert_i32x4_s(${sum}), u${j})`,
  },
};

const range = (n) => Array.from({ length: n }, (_, i) => i);

function tile(kind, vectors) {
  const { turn, multiplyAdd, parameters, units, value } = KINDS[kind];
  const panelRow = vectors * 16;
  const rows = range(ROWS);
  const columns = range(vectors);
  const lines = [];
  let fence = 1;
  const steps = (count) => {
    for (const u of range(count)) {
      for (const j of columns) lines.push(`      b${j} = v128.load(b, ${u * panelRow + j * 16});`);
      for (const i of rows) {
        lines.push(`      a = v128.load32_splat(a${i}, ${u * 4});`);
        for (const j of columns) lines.push(`      c${i}${j} = ${multiplyAdd(`c${i}${j}`, 'a', `b${j}`)};`);
        if (i === ROWS - 1 ? u + 1 < count : i % 2 === 0) {
          lines.push(`      if (b == ${fence}) break;`);
          fence += 2;
        }
      }
    }
    lines.push(`      ${rows.map((i) => `a${i} += ${count * 4};`).join(' ')}`);
    lines.push(`      b += ${count * panelRow};`);
  };
  const splats = rows.map(
    (i) =>
      `  let ${columns.map((j) => `c${i}${j} = ${kind === 'int' ? 'i32x4.splat(0)' : 'f32x4.splat(0)'}`).join(', ')};`,
  );
  lines.push('  do {', ...splats.map((l) => `  ${l}`));
  lines.push(`    let a: v128, ${columns.map((j) => `b${j}: v128`).join(', ')};`);
  lines.push('    let b = w;', '    let run = runs;', '    do {');
  lines.push('      const from = x + load<i32>(run);');
  lines.push(...rows.map((i) => `      let a${i} = from + load<i32>(table, ${i * 4});`));
  lines.push(`      const end = b + <usize>depth * ${panelRow};`);
  lines.push(`      for (const whole = end - ${(turn - 1) * panelRow}; b < whole; ) {`);
  const body = (count) => {
    const from = lines.length;
    steps(count);
    for (let l = from; l < lines.length; l++) lines[l] = `  ${lines[l]}`;
  };
  body(turn);
  lines.push('      }', '      while (b < end) {');
  body(1);
  lines.push('      }', '      run += 4;', '    } while (run < runsEnd);');
  for (const i of rows) {
    lines.push(`    c = y + load<i32>(table, ${(ROWS + i) * 4});`);
    const sums = columns.map((j) => value(`c${i}${j}`, j));
    const set = columns.map((j) => `v${j} = ${sums[j]};`).join(' ');
    lines.push(`    ${set}`);
    lines.push(
      `    if (accumulate) { ${columns.map((j) => `v${j} = f32x4.add(v128.load(c, ${j * 16}), v${j});`).join(' ')} }`,
    );
    for (const j of columns) {
      const last = `f32x4.pmax(f32x4.add(v${j}, d${j}), least)`;
      lines.push(vectors === 1 ? `    put(c, ${last}, columns);` : `    v128.store(c, ${last}, ${j * 16});`);
    }
  }
  lines.push(`    table += ${ROWS * 8};`, '  } while (--tiles > 0);');
  const head = [
    '  const least = f32x4.splat(low);',
    ...columns.map((j) => `  const d${j} = v128.load(bias, ${j * 16});`),
    ...units(vectors).map((l) => `  ${l}`),
    `  let c: usize, ${columns.map((j) => `v${j}: v128`).join(', ')};`,
  ];
  const own = vectors === 1 ? ' columns: i32,' : '';
  return `export function ${kind}_${ROWS}x${vectors * 4}(
  tiles: i32, table: usize, runs: usize, runsEnd: usize, depth: i32, x: usize, w: usize,${parameters} bias: usize, y: usize,${own}
  accumulate: bool, low: f32,
): void {
${[...head, ...lines].join('\n')}
}
`;
}

const parts = [
  '// Made by scripts/generate-infer-kernels.mjs: change that, not this.\n',
  "import { put } from './put';\n",
  ...Object.keys(KINDS).flatMap((kind) => [2, 1].map((vectors) => tile(kind, vectors))),
];
writeFileSync(new URL('../assembly/infer/tiles.ts', import.meta.url), parts.join('\n'));
