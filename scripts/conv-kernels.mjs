// Convolution's register micro-kernels, which generate-micro-kernels.mjs writes.
//
// A tile is as many pixels as a product's tile has rows, and their inputs are read in place. For each pixel the table holds the
// address of its first float in x and that of its result in y; from there on all pixels of a class have the same segments of
// consecutive floats in x, `run` k-steps each, and the same jumps from one segment to the next: in x in bytes, in the packed
// panel in rows. Sums stay in registers over all of k, however deep: blocks of at most 400, as products have, measured the same.
//
// Name: runs_COLUMNS, or straight_COLUMNS_RUN where a run is so short that its k-steps are straight code: the loop's general
// registers spill, which costs a fifth at runs of three to five floats.
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** K-steps of a turn of the loop. */
const TURN = 8;
/** Runs that have straight code: kernels of 3 and 5 over 1, 3 or 4 channels, and what borders leave of them. */
const STRAIGHT = [2, 3, 4, 5, 6, 8, 9, 12, 15, 20];

const PARAMETERS =
  'tiles: i32, table: usize, segments: usize, end: usize, run: i32, panel: usize, column: usize, bias: usize, relu: bool, mask: usize, beside: usize';
const NAMES = PARAMETERS.replaceAll(/: \w+/g, '');

function kernel({ rows, fenced, multiplyAdd }, vectors, run) {
  const shift = vectors === 2 ? 5 : 4;
  const cells = range(rows).flatMap((i) => range(vectors).map((j) => ({ i, j, name: `c${i}${j}` })));
  let fence = 1;
  const steps = (count) => [
    ...range(count).flatMap((u) => [
      ...range(vectors).map((j) => `b${j} = v128.load(b, ${(u << shift) + j * 16});`),
      ...range(rows).flatMap((i) => {
        const isFence = i + 1 < rows ? fenced(i + 1) : u + 1 < count;
        if (isFence) fence += 2;
        return [
          `x = v128.load32_splat(a${i}, ${u * 4});`,
          ...range(vectors).map((j) => `c${i}${j} = ${multiplyAdd(`c${i}${j}`, 'x', `b${j}`)};`),
          ...(isFence ? [`if (b == ${fence - 2}) break;`] : []),
        ];
      }),
    ]),
    `${range(rows)
      .map((i) => `a${i} += ${count * 4};`)
      .join(' ')} b += ${count << shift};`,
  ];
  const runs = run
    ? steps(run)
    : [
        `const last = b + (<usize>run << ${shift});`,
        `for (const whole = last - ${(TURN - 1) << shift}; b < whole; ) {`,
        ...indented(steps(TURN)),
        '}',
        'while (b < last) {',
        ...indented(steps(1)),
        '}',
      ];
  const tile = [
    ...range(rows).map((i) => `let a${i} = load<usize>(table, ${i * 8});`),
    ...range(rows).map(
      (i) =>
        `let ${range(vectors)
          .map((j) => `c${i}${j} = f32x4.splat(0)`)
          .join(', ')};`,
    ),
    `let x: v128, ${range(vectors)
      .map((j) => `b${j}: v128`)
      .join(', ')};`,
    'let b = panel;',
    'for (let segment = segments; segment < end; segment += 8) {',
    ...indented(runs),
    '  const jump = load<usize>(segment);',
    `  ${range(rows)
      .map((i) => `a${i} += jump;`)
      .join(' ')}`,
    `  b += load<usize>(segment, 4) << ${shift};`,
    '}',
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
    'if (beside != 0) {',
    ...cells.map(({ i, j, name }) => `  v128.store(beside, ${name}, ${(i * vectors + j) * 16});`),
    `  beside += ${rows << shift};`,
    '} else {',
    ...range(rows).flatMap((i) => [
      `  b = load<usize>(table, ${i * 8 + 4}) + column;`,
      ...range(vectors).map((j) => `  v128.store(b, c${i}${j}, ${j * 16});`),
    ]),
    '}',
    `table += ${rows * 8};`,
  ];
  const name = run ? `straight_${vectors * 4}_${run}` : `runs_${vectors * 4}`;
  const body = ['do {', ...indented(tile), '} while (--tiles != 0);'];
  return `function ${name}(${PARAMETERS}): void {\n${indented(body).join('\n')}\n}\n`;
}

const indented = (lines) => lines.map((line) => `  ${line}`);

const DISPATCHER = `/**
 * Tiles of pixels of one class times a packed panel of 4·vectors columns, then + bias, then ReLU, then zero where the mask
 * isn't positive. \`column\` and \`mask\` are what leads from a pixel's address in the table to these columns in y and in the
 * mask, in bytes. With \`beside\`, sums are stored there, pixel after pixel, instead of in y.
 */
export function runs(vectors: i32, ${PARAMETERS}): void {
  if (vectors == 2) {
    switch (run) {
${STRAIGHT.map((run) => `      case ${run}: return straight_8_${run}(${NAMES});`).join('\n')}
      default: return runs_8(${NAMES});
    }
  }
  runs_4(${NAMES});
}
`;

/** The source of a build's kernels (EXACT or FUSED of generate-micro-kernels.mjs). */
export function convKernels(build) {
  return [
    kernel(build, 2),
    kernel(build, 1),
    ...STRAIGHT.map((run) => kernel(build, 2, run)),
    DISPATCHER,
  ].join('\n');
}
