import type { CompiledNode } from '../../../compiler/node.js';
import type { Epilogue } from '../../fusions/epilogue.js';
import type { Sizes } from './tiles.js';

/** One of a product's two factors, as its kernel reads it: op(A) by rows and k, op(B) by columns and k. */
export interface Factor {
  readonly node: CompiledNode;
  /** Numbers lie beside each other in memory along k, or along rows (of A) or columns (of B): four are loaded at once. */
  readonly along: 'k' | 'outer';
  /** Bound as vectors: the four never straddle two. */
  readonly vector: boolean;
  /**
   * WGSL, given the name of the factor's buffer, of a type `…_From` and two functions: `…_from(outer, batch)` does
   * what doesn't depend on k, `…_load(origin, k)` gives four numbers from there along `along`. Where numbers would be
   * beyond the last row or column, any will do.
   */
  readonly functions: (name: string) => string;
}

/** A product whose factors are read in any way. */
export interface Product {
  readonly a: Factor;
  readonly b: Factor;
  readonly sizes: Sizes;
  readonly epilogue: Epilogue;
}

/** A matrix, or several, that are stored as they are. */
export function matrix(node: CompiledNode, along: 'k' | 'outer', outer: number, k: number): Factor {
  const vector = (along === 'k' ? k : outer) % 4 === 0;
  const [start, step] = along === 'k' ? [`outer * ${k}u`, 'k'] : ['outer', `k * ${outer}u`];
  return {
    node,
    along,
    vector,
    functions: (name) => `
alias ${name}_From = u32;
fn ${name}_from(outer: u32, batch: u32) -> ${name}_From { return batch * ${outer * k}u + ${start}; }
fn ${name}_load(origin: ${name}_From, k: u32) -> vec4f {
  let place = origin + ${step};
  return ${four(name, 'place', vector)};
}`,
  };
}

/** Four numbers of a buffer, side by side. */
export function four(name: string, place: string, vector: boolean): string {
  if (vector) return `${name}[(${place}) / 4u]`;
  return `vec4f(${[0, 1, 2, 3].map((i) => `${name}[${place} + ${i}u]`).join(', ')})`;
}

/** Four numbers one by one, by a function of the number's distance from the first. */
export function oneByOne(each: (i: number) => string): string {
  return `vec4f(${[0, 1, 2, 3].map(each).join(', ')})`;
}
