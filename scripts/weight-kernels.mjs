// The micro-kernels of the weights' gradient of convolutions, by the rules that generate-micro-kernels.mjs tells of:
// registers, fences, turns. Their sums stay in registers over many runs of pixels, which lie apart: rows of images.
//
// `taps_RxC`: R channels by C filters, for several taps in sequence. A is packed: for each pixel, R channels side by
// side; B is a packed panel. `table` holds a record for each tap: how many runs, their length, then for each run the pixels in
// A and in B where it begins. A's pointer is moved on after each step: with offsets of its own for each step of a turn
// it took 3 to 6 % longer (Node 20 makes an address in a register of each, and keeps few of them).
//
// `rows_RxC`: R rows of the gradient, each with its own pointer: pixels lie side by side there. B is read where it is.

import { fences } from './fences.mjs';

/** K-steps of a turn: runs are as long as an image is wide. Turns of eight, with or without fours to follow, are no faster. */
const TURN = 4;
/** Runs that have straight code in tall tiles: images of 8 × 8. The loops' ends took 3 to 5 % there (of longer runs nothing). */
const STRAIGHT = 8;

const range = (n) => Array.from({ length: n }, (_, i) => i);
const cell = (i, j) => `c${i}${j}`;
const indented = (lines, by = '  ') => lines.map((line) => by + line);

const sums = (rows, vectors) =>
  range(rows).map(
    (i) =>
      `let ${range(vectors)
        .map((j) => `${cell(i, j)} = f32x4.splat(0)`)
        .join(', ')};`,
  );

/** Fences as the build has them in tall tiles; tiles of four and less have registers to spare for the loads of two rows. */
const isFence = ({ fenced }, rows, row) => (rows > 4 ? fenced(row) : row === 2 && rows > 3);

/** `count` k-steps. `a(i, u)` and `b(j, u)` are the arguments of their loads, `after` what follows each step. */
function steps(build, rows, vectors, count, fence, { a, b, after }) {
  const lines = [];
  for (const u of range(count)) {
    for (const j of range(vectors)) lines.push(`b${j} = v128.load(${b(j, u)});`);
    for (const i of range(rows)) {
      lines.push(`x = v128.load32_splat(${a(i, u)});`);
      for (const j of range(vectors))
        lines.push(`${cell(i, j)} = ${build.multiplyAdd(cell(i, j), 'x', `b${j}`)};`);
      if (i + 1 < rows ? isFence(build, rows, i + 1) : u + 1 < count) lines.push(fence());
    }
    lines.push(...after);
  }
  return lines;
}

/** All pixels of a run: whole turns, then single steps. `panelRow` is the expression for a k-step's bytes of B. */
function run(build, rows, vectors, panelRow, ways, advance) {
  const fence = fences('b');
  const loop = (head, count) => [
    head,
    ...indented([...steps(build, rows, vectors, count, fence, ways), ...advance(count)]),
    '}',
  ];
  return [
    ...loop(`for (const whole = end - ${TURN - 1} * ${panelRow}; b < whole; ) {`, TURN),
    ...loop('while (b < end) {', 1),
  ];
}

/** Stores the sums, or adds them to what C holds; `c` ends at the last row. */
function stores(rows, vectors) {
  const rowsOf = (value) =>
    range(rows).flatMap((i) => [
      ...range(vectors).map((j) => `v128.store(c, ${value(i, j)}, ${j * 16});`),
      ...(i < rows - 1 ? ['c += ldc;'] : []),
    ]);
  return [
    'if (accumulate) {',
    ...indented(rowsOf((i, j) => `f32x4.add(v128.load(c, ${j * 16}), ${cell(i, j)})`)),
    '} else {',
    ...indented(rowsOf(cell)),
    '}',
  ];
}

const registers = (vectors) =>
  `let x: v128, ${range(vectors)
    .map((j) => `b${j}: v128`)
    .join(', ')};`;

function taps(build, rows, vectors) {
  const panelRow = vectors * 16;
  const ways = {
    a: (i) => `p, ${i * 4}`,
    b: (j, u) => `b, ${u * panelRow + j * 16}`,
    after: [`p += ${rows * 4};`],
  };
  const begin = [
    `let p = a + <usize>load<u32>(table) * ${rows * 4};`,
    `let b = panel + <usize>load<u32>(table, 4) * ${panelRow};`,
    'table += 8;',
  ];
  const straight = [
    `if (bytes == ${STRAIGHT * panelRow}) do {`,
    ...indented([...begin, ...steps(build, rows, vectors, STRAIGHT, fences('b'), ways)]),
    '} while (--runs > 0);',
  ];
  return [
    'while (true) {',
    ...indented([
      ...sums(rows, vectors),
      registers(vectors),
      'let runs = load<i32>(table);',
      `const bytes = <usize>load<u32>(table, 4) * ${panelRow};`,
      'table += 8;',
      ...(rows >= 4 && vectors === 2 ? straight : []),
      'for (; runs > 0; runs--) {',
      ...indented([
        ...begin,
        'const end = b + bytes;',
        ...run(build, rows, vectors, `${panelRow}`, ways, (count) => [`b += ${count * panelRow};`]),
      ]),
      '}',
      ...stores(rows, vectors),
      'if (--taps == 0) break;',
      `c += tap${rows > 1 ? ` - ${rows - 1} * ldc` : ''};`,
    ]),
    '}',
  ];
}

function pointers(build, rows, vectors) {
  const pixels = run(
    build,
    rows,
    vectors,
    'ldb',
    { a: (i, u) => `a${i}, ${u * 4}`, b: (j) => `b, ${j * 16}`, after: ['b += ldb;'] },
    (count) => [
      range(rows)
        .map((i) => `a${i} += ${count * 4};`)
        .join(' '),
    ],
  );
  return [
    ...sums(rows, vectors),
    registers(vectors),
    ...range(rows).map((i) => `let a${i} = from + <usize>load<u32>(table, ${i * 4});`),
    'for (; runs > 0; runs--) {',
    ...indented([
      'const end = b + <usize>length * ldb;',
      ...pixels,
      range(rows)
        .map((i) => `a${i} += jump;`)
        .join(' '),
    ]),
    '}',
    ...stores(rows, vectors),
  ];
}

const C = 'c: usize, ldc: usize, accumulate: bool';
const KINDS = [
  {
    name: 'taps',
    body: taps,
    parameters: `taps: i32, table: usize, a: usize, panel: usize, tap: usize, ${C}`,
    comment: `C[tap][rows, 4·vectors] (+)= the sums of \`taps\` taps, whose rows of C are \`tap\` bytes apart.`,
  },
  {
    name: 'rows',
    body: pointers,
    parameters: `runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, ${C}`,
    comment: `C[rows, 4·vectors] (+)= the sums over \`runs\` runs of \`length\` pixels; row i of A begins table[i] bytes after \`from\`, and a
 * run \`jump\` bytes after the last one's end.`,
  },
];

/** The text of a build's kernels. */
export function weightKernels(build) {
  return KINDS.flatMap(({ name, body, parameters, comment }) => {
    const names = parameters.replaceAll(/: \w+/g, '');
    const both = range(build.rows).flatMap((i) => range(build.vectors).map((j) => [i + 1, j + 1]));
    const kernels = both.map(
      ([i, j]) =>
        `function ${name}_${i}x${j * 4}(${parameters}): void {\n${indented(body(build, i, j)).join('\n')}\n}\n`,
    );
    const cases = both.map(([i, j]) => `    case ${i * 4 + j}: return ${name}_${i}x${j * 4}(${names});`);
    return [
      ...kernels,
      `/**
 * ${comment}
 */
export function by_${name}(rows: i32, vectors: i32, ${parameters}): void {
  switch (rows * 4 + vectors) {
${cases.join('\n')}
  }
}
`,
    ];
  }).join('\n');
}
