import { arithmetic, batchNorm, clip, dropout, leakyRelu, relu, sigmoid, tanh } from './elementwise.js';
import { averagePool, globalAveragePool, globalMaxPool, maxPool, reduceMean } from './pools.js';
import { resize } from './resize.js';
import { cast, flatten, reshape, same, squeeze, transpose, unsqueeze } from './shape-rules.js';
import type { Rule } from './step.js';
import { convTranspose } from './transposed.js';
import { conv, gemm, matmul } from './weighted.js';

/** Operators of one moving input that become layers of ours. */
export type ImportedOperator =
  | ('Conv' | 'ConvTranspose' | 'Gemm' | 'MatMul')
  | ('Add' | 'Sub' | 'Mul' | 'Div' | 'BatchNormalization')
  | ('Relu' | 'LeakyRelu' | 'Sigmoid' | 'Tanh' | 'Clip' | 'Dropout')
  | ('MaxPool' | 'AveragePool' | 'GlobalAveragePool' | 'GlobalMaxPool' | 'ReduceMean' | 'Resize')
  | ('Flatten' | 'Reshape' | 'Squeeze' | 'Unsqueeze' | 'Transpose' | 'Identity' | 'Cast');

/** What each becomes; a missing one is a compile error. */
export const rules: { readonly [K in ImportedOperator]: Rule } = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: matmul,
  Add: arithmetic,
  Sub: arithmetic,
  Mul: arithmetic,
  Div: arithmetic,
  BatchNormalization: batchNorm,
  Relu: relu,
  LeakyRelu: leakyRelu,
  Sigmoid: sigmoid,
  Tanh: tanh,
  Clip: clip,
  Dropout: dropout,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  ReduceMean: reduceMean,
  Resize: resize,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Identity: same,
  Cast: cast,
};

/** Operators whose moving inputs become branches. */
export const joins = { Add: 'sum', Sum: 'sum', Concat: 'concat' } as const;

export function ruleFor(op: string): Rule | undefined {
  return Object.hasOwn(rules, op) ? rules[op as ImportedOperator] : undefined;
}

export function joinFor(op: string): 'sum' | 'concat' | undefined {
  return Object.hasOwn(joins, op) ? joins[op as keyof typeof joins] : undefined;
}

/** For messages. */
export function knownOperators(): string {
  return [
    ...Object.keys(rules),
    'Sum',
    'Concat',
    'Constant',
    'ReduceMax of channels',
    'Softmax at the end',
  ].join(', ');
}
