import type { CompiledNode } from '../../../compiler/node.js';
import { type Kernel, kernel, LANES, line } from '../kernel.js';
import type { Factor, Product } from './factor.js';
import { declared, finishOf } from './finish.js';
import { accumulators, boundedLoad, products, storeFunction } from './tile-text.js';
import type { Sizes } from './tiles.js';

/** Most products of a small one: then sharing what is loaded isn't worth what it takes to compile. */
const SMALL = 2 ** 16;

export function isSmall({ m, n, k, batch }: Sizes): boolean {
  return batch * m * n * k <= SMALL;
}

/** An invocation computes 4 × 4 numbers, and loads all that these need by itself. */
export function direct(node: CompiledNode, { a, b, sizes, epilogue }: Product): Kernel {
  const { m, n, k, batch } = sizes;
  const finish = finishOf(node, epilogue, n);
  const [down, across] = [Math.ceil(m / 4), Math.ceil(n / 4)];
  const { workgroups, index } = line(Math.ceil((batch * down * across) / LANES));
  const own = { own: [4, 4] } as const;
  return kernel({
    name: `${node.op} ${batch > 1 ? `${batch}×` : ''}${m}×${n}×${k}`,
    reads: { a: declared(a.node, a.vector), b: declared(b.node, b.vector), ...finish.reads },
    writes: { y: declared(node, finish.vector) },
    globals: `${a.functions('a')}
${b.functions('b')}
${boundedLoad('a', a, k, 4)}
${boundedLoad('b', b, k, 4)}
${finish.function}
${storeFunction(finish.vector, m, n)}`,
    body: `  let index = (${index}) * ${LANES}u + lane;
  if (index >= ${batch * down * across}u) { return; }
  let column = index % ${across}u * 4u;
  let row = index / ${across}u % ${down}u * 4u;
  let batch = index / ${across * down}u;
${origins('a', a, 'row')}
${origins('b', b, 'column')}
${accumulators(own)}
  for (var k = 0u; k < ${k}u; k += 4u) {
${loads('a', a)}
${loads('b', b)}
${products(a, b, own)}
  }
${[0, 1, 2, 3].map((i) => `  store(batch, row + ${i}u, column, c0${i}_0);`).join('\n')}`,
    workgroups,
  });
}

/** Where four rows or columns begin. */
function origins(name: string, { along }: Factor, outer: string): string {
  const count = along === 'k' ? [0, 1, 2, 3] : [0];
  return count.map((i) => `  let ${name}_from${i} = ${name}_from(${outer} + ${i}u, batch);`).join('\n');
}

/** The four by four numbers at k. */
function loads(name: string, { along }: Factor): string {
  return [0, 1, 2, 3]
    .map((i) => {
      const from = along === 'k' ? `${name}_from${i}, k` : `${name}_from0, k + ${i}u`;
      return `    let ${name}0_${i} = ${name}_within(${from});`;
    })
    .join('\n');
}
