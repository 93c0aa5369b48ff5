import type { CompiledNode } from '../../compiler/node.js';
import { countUses, type Rewrite, rebuild } from '../../compiler/rewrite.js';
import type { AttributesOf } from '../../graph/names.js';
import type { Epilogue } from './epilogue.js';

/** What each operator with an epilogue becomes. */
const FUSED = {
  matmul: 'fusedMatmul',
  conv2d: 'fusedConv2d',
  conv2dInput: 'fusedConv2dInput',
} as const;

interface Product extends CompiledNode {
  readonly attributes: AttributesOf[keyof typeof FUSED] & Epilogue;
}

/** A product or convolution with a single reader absorbs what follows it: a bias, a ReLU, the mask of a ReLU's gradient. */
export const fuseProducts: Rewrite = {
  name: 'products and convolutions with bias, ReLU and mask',
  apply: (roots) => {
    const uses = countUses(roots);
    return rebuild(roots, (node, original) => {
      const [first, second] = node.inputs;
      const product = first && uses.get(original.inputs[0]!) === 1 ? asProduct(first) : undefined;
      return (product && extended(product, node, second)) ?? node;
    });
  },
};

function asProduct(node: CompiledNode): Product | undefined {
  if (Object.values<string>(FUSED).includes(node.op)) return node as Product;
  if (!(node.op in FUSED)) return undefined;
  const attributes = { ...node.attributes, bias: false, relu: false, mask: false };
  return { ...node, op: FUSED[node.op as keyof typeof FUSED], attributes } as Product;
}

/** The product with `node` absorbed, if the epilogue, whose order is fixed, can still take it. */
function extended(
  product: Product,
  node: CompiledNode,
  second: CompiledNode | undefined,
): Product | undefined {
  const { bias, relu, mask } = product.attributes;
  const { kind } = node.attributes as { kind?: string };
  const extend = (inputs: readonly CompiledNode[], more: Partial<Epilogue>) =>
    ({
      ...product,
      inputs: [...product.inputs, ...inputs],
      attributes: { ...product.attributes, ...more },
    }) as Product;
  if (node.op === 'binary' && kind === 'add' && !bias && !relu && !mask) {
    const row = repeatedRow(second!);
    return row && extend([row], { bias: true });
  }
  if (node.op === 'unary' && kind === 'relu' && !relu && !mask) return extend([], { relu: true });
  if (node.op === 'binary' && kind === 'mask' && !mask && second !== node.inputs[0])
    return extend([second!], { mask: true });
  return undefined;
}

/** The row [n] that a broadcast repeats to the shape of the product, if that is what the node is. */
function repeatedRow(node: CompiledNode): CompiledNode | undefined {
  if (node.op !== 'broadcast') return undefined;
  const row = node.inputs[0]!;
  return row.shape.length === 1 && row.shape[0] === node.shape.at(-1) ? row : undefined;
}
