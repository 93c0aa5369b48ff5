import type { CompiledNode } from '../../compiler/node.js';

/** The byte address of a node's memory. */
export type Places = (node: CompiledNode) => number;

/** Buffers start on cache lines; the slack lets whole vectors be read at the end of any of them. */
export const ALIGNMENT = 64;

/** wasm32 addresses 4 GiB. */
export const MOST_BYTES = 2 ** 32;
