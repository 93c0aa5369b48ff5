import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { FusedAttributesOf, FusedNode, RowChunks } from './nodes.js';

/** The sums of x's channels over chunks of its rows; `inputs` as the kind has them, x first. */
export function channelSums(
  kind: FusedAttributesOf['channelSums']['kind'],
  inputs: readonly CompiledNode[],
): FusedNode<'channelSums'> {
  const { shape } = inputs[0]!;
  const chunks = chunksOf(inputs[0]!);
  const parts = kind === 'centered' || kind === 'masked' ? 2 : 1;
  return {
    op: 'channelSums',
    inputs,
    attributes: { kind, chunks },
    shape: [parts, chunks.count, shape.at(-1)!],
    dtype: 'f32',
  };
}

/** Part 0 or 1 of channelSums, [c]. */
export function channelJoin(sums: CompiledNode, part: number, divisor: number): FusedNode<'channelJoin'> {
  const attributes = { part, divisor };
  return { op: 'channelJoin', inputs: [sums], attributes, shape: [sums.shape[2]!], dtype: 'f32' };
}

/** The least width of a row in floats, which keeps loops over a row long, and of a chunk, in floats and in pixels. */
const LEAST_WIDTH = 64;
const CHUNK = 4096;
const CHUNK_PIXELS = 16;

/** A tensor as rows of whole pixels and whole vectors, in chunks: it depends on the shape alone. */
export function chunksOf({ shape }: CompiledNode): RowChunks {
  const channels = shape.at(-1)!;
  // The least common multiple of channels and 4.
  const whole = channels * (channels % 4 === 0 ? 1 : channels % 2 === 0 ? 2 : 4);
  const width = whole * Math.ceil(LEAST_WIDTH / whole);
  const rows = Math.max(Math.floor(CHUNK / width), Math.ceil((CHUNK_PIXELS * channels) / width));
  return { width, rows, count: Math.max(1, Math.ceil(Math.floor(size(shape) / width) / rows)) };
}
