import { type Factor, oneByOne } from './factor.js';
import { invocationsOf, type Tile } from './tiles.js';

/*
 * WGSL of a tile's parts. A factor's numbers lie in the workgroup's memory in fours: along rows or columns, a line for
 * each number of k; or along k, a line for each row or column. The latter are in another order, every fourth first, and
 * lines an odd number of vectors apart: so neighbors among invocations read from different banks.
 */

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const COMPONENTS = 'xyzw';

/** Numbers of the vectors that a factor's part of a tile takes, `extent` rows or columns. */
function vectorsOf({ along }: Factor, extent: number, { depth }: Tile): number {
  return along === 'k' ? extent * lineOf(depth) : depth * (extent / 4);
}

const lineOf = (depth: number): number => depth / 4 + 1;

/** Vectors of the workgroup's memory: for both factors, and later for the sums of its slices. */
export function memoryOf(a: Factor, b: Factor, tile: Tile): number {
  const { rows, columns, slices } = tile;
  const sums = slices > 1 ? (slices * rows * columns) / 4 : 0;
  return Math.max(vectorsOf(a, rows, tile) + vectorsOf(b, columns, tile), sums);
}

export interface Loading {
  /** Function that loads four numbers, zeros beyond k. */
  readonly function: string;
  /** Statements: where an invocation loads from and stores to. */
  readonly places: string;
  /** Loads for the first time, … */
  readonly first: string;
  /** … stores in the workgroup's memory, … */
  readonly store: string;
  /** … and loads what comes next. */
  readonly next: string;
}

/** How the invocations of a workgroup load a factor's part of a tile, each a few vectors of it. */
export function loading(name: 'a' | 'b', factor: Factor, tile: Tile, before: number, k: number): Loading {
  const [extent, origin] = name === 'a' ? [tile.rows, 'row'] : [tile.columns, 'column'];
  const { depth } = tile;
  const slots = range((extent * depth) / 4 / invocationsOf(tile));
  const each = (text: (slot: number) => string) => slots.map(text).join('\n');
  const inLine = factor.along === 'k' ? depth / 4 : extent / 4;
  const load = (slot: number) => `${name}_within(${name}_from${slot}, k + ${name}_k${slot})`;
  return {
    function: boundedLoad(name, factor, k, depth),
    places: each((slot) => {
      const [u, line] = [`${name}_unit${slot}`, `${name}_line${slot}`];
      const [outer, along, place] =
        factor.along === 'k'
          ? [line, `${u} * 4u`, `((${line} & 3u) * ${extent / 4}u + ${line} / 4u) * ${lineOf(depth)}u + ${u}`]
          : [`${u} * 4u`, line, `${line} * ${inLine}u + ${u}`];
      return `  let ${u} = (lane + ${slot * invocationsOf(tile)}u) % ${inLine}u;
  let ${line} = (lane + ${slot * invocationsOf(tile)}u) / ${inLine}u;
  let ${name}_from${slot} = ${name}_from(${origin} + ${outer}, batch);
  let ${name}_k${slot} = ${along};
  let ${name}_place${slot} = ${before}u + ${place};`;
    }),
    first: each((slot) => `  var ${name}_next${slot} = ${load(slot)};`),
    store: each((slot) => `    memory[${name}_place${slot}] = ${name}_next${slot};`),
    next: each((slot) => `      ${name}_next${slot} = ${load(slot)};`),
  };
}

/** Function that loads four numbers at k, which goes on in steps of `depth`: zeros beyond the last. */
export function boundedLoad(name: string, { along }: Factor, k: number, depth: number): string {
  const loaded = `${name}_load(origin, k)`;
  const inside =
    along === 'outer' || k % 4 === 0 ? `k < ${k}u` : `vec4u(k) + vec4u(0u, 1u, 2u, 3u) < vec4u(${k}u)`;
  return `
fn ${name}_within(origin: ${name}_From, k: u32) -> vec4f {
  return ${k % depth === 0 ? loaded : `select(vec4f(), ${loaded}, ${inside})`};
}`;
}

/** Where a factor's part begins in the workgroup's memory. */
export function beginsOf(a: Factor, tile: Tile): { a: number; b: number } {
  return { a: 0, b: vectorsOf(a, tile.rows, tile) };
}

/** Which rows and columns of the tile are an invocation's own: groups of four that lie evenly apart. */
export function ownership(tile: Tile): string {
  const inSlice = invocationsOf(tile) / tile.slices;
  const across = tile.columns / tile.own[1];
  return `  let slice = lane / ${inSlice}u;
  let own_row = lane % ${inSlice}u / ${across}u;
  let own_column = lane % ${across}u;`;
}

/** The sums of an invocation: c<group of rows><row>_<group of columns>. */
function sums({
  own: [rows, columns],
}: Pick<Tile, 'own'>): { name: string; g: number; i: number; h: number }[] {
  return range(rows / 4).flatMap((g) =>
    range(4).flatMap((i) => range(columns / 4).map((h) => ({ name: `c${g}${i}_${h}`, g, i, h }))),
  );
}

export function accumulators(tile: Pick<Tile, 'own'>): string {
  return sums(tile)
    .map(({ name }) => `  var ${name} = vec4f();`)
    .join('\n');
}

/**
 * Multiplies what is in the workgroup's memory, four numbers along k at a time. It is no loop: NVIDIA leaves one as it is,
 * and with it each address to be computed anew (8 to 25 % slower on an H200).
 */
export function multiplying(a: Factor, b: Factor, tile: Tile): string {
  const begins = beginsOf(a, tile);
  const count = tile.depth / 4 / tile.slices;
  return range(count)
    .flatMap((i) => [
      '    {',
      `      let q = slice * ${count}u + ${i}u;`,
      readings('a', a, tile.rows, tile.own[0] / 4, begins.a, tile),
      readings('b', b, tile.columns, tile.own[1] / 4, begins.b, tile),
      products(a, b, tile),
      '    }',
    ])
    .join('\n');
}

/** Adds the products of four numbers along k, which were read as a<group>_<number> and b<group>_<number>. */
export function products(a: Factor, b: Factor, tile: Pick<Tile, 'own'>): string {
  return range(4)
    .flatMap((kk) =>
      sums(tile).map(({ name, g, i, h }) => {
        const scalar = a.along === 'k' ? `a${g}_${i}.${COMPONENTS[kk]}` : `a${g}_${kk}.${COMPONENTS[i]}`;
        const vector = b.along === 'k' ? oneByOne((j) => `b${h}_${j}.${COMPONENTS[kk]}`) : `b${h}_${kk}`;
        return `      ${name} = fma(vec4f(${scalar}), ${vector}, ${name});`;
      }),
    )
    .join('\n');
}

function readings(
  name: 'a' | 'b',
  { along }: Factor,
  extent: number,
  groups: number,
  begin: number,
  { depth }: Tile,
): string {
  const own = name === 'a' ? 'own_row' : 'own_column';
  return range(groups)
    .flatMap((g) =>
      range(4).map((x) => {
        const fours = `${(g * extent) / 4 / groups}u + ${own}`;
        const place =
          along === 'k'
            ? `(${(x * extent) / 4}u + ${fours}) * ${lineOf(depth)}u + q`
            : `(q * 4u + ${x}u) * ${extent / 4}u + ${fours}`;
        return `      let ${name}${g}_${x} = memory[${begin}u + ${place}];`;
      }),
    )
    .join('\n');
}

/** Hands on an invocation's sums, by `store(part, row, column, four)`; those of slices are added first, in order. */
export function storing(tile: Tile): string {
  const { rows, columns, own, slices } = tile;
  const rowOf = (g: number, i: number) => `${(g * rows * 4) / own[0] + i}u + own_row * 4u`;
  const columnOf = (h: number) => `${(h * columns * 4) / own[1]}u + own_column * 4u`;
  const stores = sums(tile).map(({ name, g, i, h }) =>
    slices === 1
      ? `  store(part, row + ${rowOf(g, i)}, column + ${columnOf(h)}, ${name});`
      : `  memory[(slice * ${rows}u + ${rowOf(g, i)}) * ${columns / 4}u + (${columnOf(h)}) / 4u] = ${name};`,
  );
  if (slices === 1) return stores.join('\n');
  const count = (rows * columns) / 4;
  return `${stores.join('\n')}
  workgroupBarrier();
  for (var v = lane; v < ${count}u; v += ${invocationsOf(tile)}u) {
    var sum = memory[v];
    for (var s = 1u; s < ${slices}u; s++) { sum = sum + memory[s * ${count}u + v]; }
    store(part, row + v / ${columns / 4}u, column + v % ${columns / 4}u * 4u, sum);
  }`;
}

/** `store` of a product m × n, after what finishes it. */
export function storeFunction(vector: boolean, m: number, n: number): string {
  const one = (j: number) =>
    `  if (column + ${j}u < ${n}u) { y[i + ${j}u] = finished(sum.${COMPONENTS[j]}, i + ${j}u, column + ${j}u); }`;
  return `
fn store(part: u32, row: u32, column: u32, sum: vec4f) {
  if (row >= ${m}u || column >= ${n}u) { return; }
  let i = (part * ${m * n}u + row * ${n}u + column)${vector ? ' / 4u' : ''};
${vector ? '  y[i] = finished(sum, i, column);' : range(4).map(one).join('\n')}
}`;
}
