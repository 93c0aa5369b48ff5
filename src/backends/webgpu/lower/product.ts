import type { CompiledNode } from '../../../compiler/node.js';
import { type Kernel, kernel, line } from '../kernel.js';
import { direct, isSmall } from './direct.js';
import type { Product } from './factor.js';
import { declared, type Finish, finishOf, NO_EPILOGUE, sumOfParts } from './finish.js';
import { type LoweredName, type LoweredNode, type Lowering, scratch } from './lowering.js';
import {
  accumulators,
  beginsOf,
  loading,
  memoryOf,
  multiplying,
  ownership,
  storeFunction,
  storing,
} from './tile-text.js';
import { invocationsOf, type Speeds, type Tiling, tilingOf } from './tiles.js';

/** The lowering of nodes that are products. */
export function asProduct<K extends LoweredName>(productOf: (node: LoweredNode<K>) => Product): Lowering<K> {
  return (node, _, speeds) => productKernels(node, productOf(node), speeds);
}

/** The kernels of a product with its epilogue, in tiles that suit its sizes and the device. */
function productKernels(node: CompiledNode, product: Product, speeds: Speeds): Kernel[] {
  const { epilogue, sizes } = product;
  if (isSmall(sizes)) return [direct(node, product)];
  const tiling = tilingOf(sizes, speeds);
  if (tiling.splits === 1) return [tiled(node, node, product, tiling, finishOf(node, epilogue, sizes.n))];
  const parts = scratch([tiling.splits, ...node.shape]);
  return [
    tiled(node, parts, product, tiling, finishOf(node, NO_EPILOGUE, sizes.n)),
    sumOfParts(node, parts, tiling.splits, epilogue),
  ];
}

/**
 * A workgroup computes a tile. Going along k, its invocations load what the tile needs of both factors to the
 * workgroup's memory, the next while they multiply what is there; each sums a few rows and columns in registers.
 */
export function tiled(
  { op }: CompiledNode,
  y: CompiledNode,
  { a, b, sizes }: Product,
  { tile, splits, chunk }: Tiling,
  finish: Finish,
): Kernel {
  const { m, n, k, batch } = sizes;
  const down = Math.ceil(m / tile.rows);
  const across = Math.ceil(n / tile.columns);
  const count = down * across * batch * splits;
  const { workgroups, index } = line(count);
  const begins = beginsOf(a, tile);
  const loads = [loading('a', a, tile, begins.a, k), loading('b', b, tile, begins.b, k)];
  const each = (part: keyof (typeof loads)[number]) => loads.map((load) => load[part]).join('\n');
  return kernel({
    name: `${op} ${batch > 1 ? `${batch}×` : ''}${m}×${n}×${k}, tiles of ${tile.rows}×${tile.columns}${splits > 1 ? `, ${splits} parts` : ''}`,
    reads: { a: declared(a.node, a.vector), b: declared(b.node, b.vector), ...finish.reads },
    writes: { y: declared(y, finish.vector) },
    globals: `${a.functions('a')}
${b.functions('b')}
${each('function')}
${finish.function}
${storeFunction(finish.vector, m, n)}
var<workgroup> memory: array<vec4f, ${memoryOf(a, b, tile)}>;`,
    body: `  let index = ${index};
${workgroups[1] > 1 ? `  if (index >= ${count}u) { return; }` : ''}
  let column = index % ${across}u * ${tile.columns}u;
  let row = index / ${across}u % ${down}u * ${tile.rows}u;
  let part = index / ${across * down}u;
  let batch = part % ${batch}u;
  let first = part / ${batch}u * ${chunk}u;
  let last = min(first + ${chunk}u, ${k}u);
${ownership(tile)}
${each('places')}
${accumulators(tile)}
  var k = first;
${each('first')}
  while (k < last) {
${each('store')}
    workgroupBarrier();
    k = k + ${tile.depth}u;
    if (k < last) {
${each('next')}
    }
${multiplying(a, b, tile)}
    workgroupBarrier();
  }
${storing(tile)}`,
    workgroups,
    lanes: invocationsOf(tile),
    long: true,
  });
}
