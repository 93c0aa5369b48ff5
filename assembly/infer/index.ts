import { Limit } from '../../src/backends/wasm/layout';

export { dense, scratchOf } from './dense';
export { denseInt8 } from './dense-int8';
export { allFinite } from './finite';
export { softmax } from './softmax';

/** Outputs of a panel: weights are packed, and rows of y padded, to whole panels. */
export const FLOAT_PANEL: i32 = Limit.panelColumns;
export const INT8_PANEL: i32 = 16;
/** Start of free memory. */
export const BASE: usize = __heap_base;
