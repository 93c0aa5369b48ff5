import type { CompiledNode } from '../../../compiler/node.js';
import { productSizes, type Transposes } from '../../../ops/product.js';
import type { Epilogue } from '../../fusions/epilogue.js';
import { matrix, type Product } from './factor.js';
import { NO_EPILOGUE } from './finish.js';
import { asProduct } from './product.js';
import type { Sizes } from './tiles.js';

export const matmul = asProduct<'matmul'>((node) => ofShapes(node, node.attributes, NO_EPILOGUE));
export const batchedMatmul = asProduct<'batchedMatmul'>((node) =>
  ofShapes(node, node.attributes, NO_EPILOGUE),
);
export const fusedMatmul = asProduct<'fusedMatmul'>((node) =>
  ofShapes(node, node.attributes, node.attributes),
);

function ofShapes(node: CompiledNode, transposes: Transposes, epilogue: Epilogue): Product {
  const [a, b] = node.inputs as [CompiledNode, CompiledNode];
  const sizes = productSizes(node.op, a.shape, b.shape, transposes);
  const batch = node.shape.length === 3 ? node.shape[0]! : 1;
  return matrixProduct(node, { ...sizes, batch }, transposes, epilogue);
}

/** Of a node whose two first inputs are read as matrices of these sizes. */
export function matrixProduct(
  node: CompiledNode,
  sizes: Sizes,
  { transposeA, transposeB }: Transposes,
  epilogue: Epilogue,
): Product {
  const [a, b] = node.inputs as [CompiledNode, CompiledNode];
  return {
    a: matrix(a, transposeA ? 'outer' : 'k', sizes.m, sizes.k),
    b: matrix(b, transposeB ? 'k' : 'outer', sizes.n, sizes.k),
    sizes,
    epilogue,
  };
}
