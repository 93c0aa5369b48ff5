import { Limit } from '../../src/backends/wasm/layout';

export { dense, scratchOf } from './dense';
export { denseInt8 } from './dense-int8';
export { allFinite } from './finite';
export { softmax } from './softmax';

/** Outputs of a panel: weights are packed, and rows of y end, in whole panels. */
export const FLOAT_PANEL: i32 = Limit.panelColumns;
export const INT8_PANEL: i32 = 16;
/** Where memory is free. */
export const BASE: usize = __heap_base;
