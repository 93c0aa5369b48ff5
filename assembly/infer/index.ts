export { dense, denseScratch } from './dense';
export { denseInt8 } from './dense-int8';
export { depthwise } from './depthwise';
export { allFinite } from './finite';
export { map } from './map';
export { maxout, pool } from './pool';
export { product, productInt } from './product';
export { quantize, range } from './quantize';
export { softmax } from './softmax';

/** Start of free memory. */
export const BASE: usize = __heap_base;
