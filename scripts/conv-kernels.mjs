// Convolution's register micro-kernels, which generate-micro-kernels.mjs writes.
//
// A tile is as many pixels as a product's tile has rows, and their inputs are read in place. For each pixel the table holds the
// address of its first float in x and that of its result in y; from there on all pixels of a class have the same segments of
// consecutive floats in x, `run` k-steps each, and the same jumps from one segment to the next: in x in bytes, in the packed
// panel in rows. Sums stay in registers over all of k, however deep: blocks of at most 400, as products have, measured the same.
//
// Name: runs_COLUMNS; straight_COLUMNS_RUN where a run is so short that its k-steps are straight code, as the loop's general
// registers spill, which costs a fifth at runs of three to five floats; straight_COLUMNS_RUNxSEGMENTS where all segments are.
import { fences } from './fences.mjs';

const range = (n) => Array.from({ length: n }, (_, i) => i);
const indented = (lines) => lines.map((line) => `  ${line}`);

/** K-steps of a turn of the loop. */
const TURN = 8;
/** Runs that have straight code: kernels of 3 and 5 over 1, 3 or 4 channels, and what borders leave of them. */
const STRAIGHT = [2, 3, 4, 5, 6, 8, 9, 12, 15, 20];
/** Runs and segments of which all is straight code: what the inside of an image has. */
const WHOLE = [
  [3, 3],
  [5, 5],
];

const PARAMETERS =
  'tiles: i32, table: usize, segments: usize, end: usize, run: i32, panel: usize, column: usize, special: bool, bias: usize, relu: bool, mask: usize, beside: usize';
const NAMES = PARAMETERS.replaceAll(/: \w+/g, '');

/** The lines of a kernel; without `run` for any run, with `count` for so many segments. */
function kernel({ rows, fenced, multiplyAdd }, vectors, run, count) {
  const shift = vectors === 2 ? 5 : 4;
  const cells = range(rows).flatMap((i) => range(vectors).map((j) => ({ i, j, name: `c${i}${j}` })));
  const each = (f) => range(rows).map(f).join(' ');
  const fence = fences(count ? 'a0' : 'b');
  const step = (u, isLast, isFirst) => [
    ...range(vectors).map((j) => `b${j} = v128.load(b, ${(u << shift) + j * 16});`),
    ...range(rows).flatMap((i) => [
      `x = v128.load32_splat(a${i}, ${u * 4});`,
      ...range(vectors).map((j) => {
        const cell = `c${i}${j}`;
        return `${cell} = ${isFirst ? `f32x4.mul(x, b${j})` : multiplyAdd(cell, 'x', `b${j}`)};`;
      }),
      ...((i + 1 < rows ? fenced(i + 1) : !isLast) ? [fence()] : []),
    ]),
  ];
  const steps = (n) => [
    ...range(n).flatMap((u) => step(u, u + 1 === n, false)),
    `${each((i) => `a${i} += ${n * 4};`)} b += ${n << shift};`,
  ];
  const jump = (segment) => [`jump = load<usize>(${segment});`, each((i) => `a${i} += jump;`)];
  const anyRun = () => [
    `const last = b + (<usize>run << ${shift});`,
    `for (const whole = last - ${(TURN - 1) << shift}; b < whole; ) {`,
    ...indented(steps(TURN)),
    '}',
    'while (b < last) {',
    ...indented(steps(1)),
    '}',
  ];
  const anySegments = () => [
    `let ${cells.map(({ name }) => `${name} = f32x4.splat(0)`).join(', ')};`,
    'for (let segment = segments; segment < end; segment += 8) {',
    ...indented(run ? steps(run) : anyRun()),
    ...indented(jump('segment')),
    `  b += load<usize>(segment, 4) << ${shift};`,
    '}',
  ];
  // Not a loop, but something that fences can leave.
  const allSegments = () => [
    `let ${cells.map(({ name }) => `${name}: v128`).join(', ')};`,
    'do {',
    ...indented(
      range(count).flatMap((at) => [
        ...(at > 0 ? jump(`segments, ${(at - 1) * 8}`) : []),
        ...range(run).flatMap((u) => step(u, at * run + u + 1 === count * run, at + u === 0)),
        each((i) => `a${i} += ${run * 4};`),
        `b += ${run << shift};`,
      ]),
    ),
    '} while (false);',
  ];
  const tile = [
    each((i) => `let a${i} = load<usize>(table, ${i * 8});`),
    `let x: v128, ${range(vectors)
      .map((j) => `b${j}: v128`)
      .join(', ')};`,
    'let b = panel, jump: usize;',
    ...(count ? allSegments() : anySegments()),
    // One test for what is rare: the tests of all that may follow cost a twentieth where k is nine.
    'if (special) {',
    ...indented(finish(rows, vectors, cells)),
    '  if (beside != 0) {',
    ...cells.map(({ i, j, name }) => `    v128.store(beside, ${name}, ${(i * vectors + j) * 16});`),
    `    beside += ${rows << shift};`,
    `    table += ${rows * 8};`,
    '    continue;',
    '  }',
    '}',
    ...range(rows).flatMap((i) => [
      `b = load<usize>(table, ${i * 8 + 4}) + column;`,
      ...range(vectors).map((j) => `v128.store(b, c${i}${j}, ${j * 16});`),
    ]),
    `table += ${rows * 8};`,
  ];
  const name = `${run ? 'straight' : 'runs'}_${vectors * 4}${run ? `_${run}` : ''}${count ? `x${count}` : ''}`;
  const body = ['do {', ...indented(tile), '} while (--tiles != 0);'];
  return `function ${name}(${PARAMETERS}): void {\n${indented(body).join('\n')}\n}\n`;
}

/** + bias, then ReLU, then zero where the mask isn't positive, as the elementwise kernels do it. */
function finish(rows, vectors, cells) {
  return [
    'if (bias != 0) {',
    ...range(vectors).map((j) => `  b${j} = v128.load(bias, ${j * 16});`),
    ...cells.map(({ j, name }) => `  ${name} = f32x4.add(${name}, b${j});`),
    '}',
    'if (relu) {',
    '  x = f32x4.splat(0);',
    ...cells.map(({ name }) => `  ${name} = f32x4.pmax(${name}, x);`),
    '}',
    'if (mask != 0) {',
    '  x = f32x4.splat(0);',
    ...range(rows).flatMap((i) => [
      `  b = load<usize>(table, ${i * 8 + 4}) + mask;`,
      ...range(vectors).map(
        (j) => `  c${i}${j} = v128.and(c${i}${j}, f32x4.gt(v128.load(b, ${j * 16}), x));`,
      ),
    ]),
    '}',
  ];
}

const DISPATCHER = `/**
 * Tiles of pixels of one class times a packed panel of 4·vectors columns, then + bias, ReLU, zero where the mask isn't
 * positive. \`column\` and \`mask\` are what leads from a pixel's address in the table to these columns in y and in the mask, in
 * bytes. With \`beside\`, sums are stored there, pixel after pixel, instead of in y. Without \`special\` there is none of these.
 */
export function runs(vectors: i32, ${PARAMETERS}): void {
  if (vectors == 1) return runs_4(${NAMES});
  // Only a class that has all taps of a kernel row skips no rows of the panel.
  const inside = segments < end && load<usize>(segments, 4) == 0;
${WHOLE.map(
  ([run, count]) => `  if (run == ${run} && inside && end - segments == ${count * 8})
    return straight_8_${run}x${count}(${NAMES});`,
).join('\n')}
  switch (run) {
${STRAIGHT.map((run) => `    case ${run}: return straight_8_${run}(${NAMES});`).join('\n')}
    default: return runs_8(${NAMES});
  }
}
`;

/** The source of a build's kernels (EXACT or FUSED of generate-micro-kernels.mjs). */
export function convKernels(build) {
  return [
    kernel(build, 2),
    kernel(build, 1),
    ...STRAIGHT.map((run) => kernel(build, 2, run)),
    ...WHOLE.map(([run, segments]) => kernel(build, 2, run, segments)),
    DISPATCHER,
  ].join('\n');
}
