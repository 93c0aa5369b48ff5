import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf } from '../../../graph/names.js';
import { sameShape, size } from '../../../graph/shape.js';
import { topological } from '../../../graph/topology.js';
import { binary, filled, repeated, reshaped, unary } from './elementary.js';
import type { FusedAttributesOf, FusedNode, RowChunks } from './nodes.js';

/**
 * Batch norm becomes sums of fixed chunks of rows, so that all threads have work and the bits depend on shapes alone,
 * and x·a + b with a = scale/√(variance + epsilon), b = shift − mean·a, which are vectors of the channels: elementary
 * nodes, which chains join with what follows. The mask of a ReLU after it is computed again in the gradient's sums,
 * unless something keeps it anyway: otherwise the masked gradient would be written and read once more.
 */
export const fuseNorms: Rewrite = {
  name: 'batch norm by chunks of rows, and as scale and shift',
  apply: (roots) => {
    const kept = readByOthers(roots);
    return rebuild(roots, (node, original) => {
      if (node.op === 'moments') return moments(node);
      if (node.op === 'normalize') return normalized(node);
      if (node.op === 'centeredSums') return centeredSums(node, kept.has(original.inputs[0]!));
      if (node.op === 'slice') return sliceOfPair(node);
      if (node.op === 'reshape') return withoutDetour(node);
      return node;
    });
  },
};

function moments(node: CompiledNode): CompiledNode {
  const [x] = node.inputs;
  const rows = rowsOf(x!);
  const mean = joined(sums('sum', [x!]), 0, rows);
  return pair(mean, joined(sums('squares', [x!, mean]), 0, rows));
}

function normalized(node: CompiledNode): CompiledNode {
  const [x, own, scale, shift] = node.inputs;
  const { epsilon } = node.attributes as AttributesOf['normalize'];
  const inverse = binary(
    'divide',
    filled(1, scale!.shape),
    unary('sqrt', unary('shift', row(own!, 1), epsilon)),
  );
  const a = binary('multiply', scale!, inverse);
  const b = binary('subtract', shift!, binary('multiply', row(own!, 0), a));
  return binary('add', binary('multiply', x!, repeated(a, x!.shape)), repeated(b, x!.shape));
}

function centeredSums(node: CompiledNode, kept: boolean): CompiledNode {
  const [up, x, own] = node.inputs;
  const mean = row(own!, 0);
  const masked = kept ? undefined : maskedByScaled(up!, x!);
  const both = masked
    ? sums('masked', [x!, mean, masked.up, masked.a, masked.b])
    : sums('centered', [x!, mean, up!]);
  return pair(joined(both, 0, 1), joined(both, 1, 1));
}

/** What a node masks, and a and b, if it masks by relu(x·a + b) of this x. */
function maskedByScaled(node: CompiledNode, x: CompiledNode) {
  if (!is(node, 'binary', 'mask') || !is(node.inputs[1]!, 'unary', 'relu')) return undefined;
  const added = node.inputs[1]!.inputs[0]!;
  if (!is(added, 'binary', 'add') || !is(added.inputs[0]!, 'binary', 'multiply')) return undefined;
  const [product, b] = added.inputs as [CompiledNode, CompiledNode];
  const [from, a] = product.inputs as [CompiledNode, CompiledNode];
  const channels = [x.shape.at(-1)!];
  const ofChannels = [a, b].every(
    ({ op, inputs: [v] }) => op === 'broadcast' && sameShape(v!.shape, channels),
  );
  if (from !== x || !ofChannels) return undefined;
  return { up: node.inputs[0]!, a: a.inputs[0]!, b: b.inputs[0]! };
}

/** Nodes that are read by what is neither elementwise nor sums by channel, so that they are computed in any case. */
function readByOthers(roots: readonly CompiledNode[]): Set<CompiledNode> {
  const result = new Set(roots);
  for (const { op, inputs } of topological(roots))
    if (op !== 'unary' && op !== 'binary' && op !== 'centeredSums')
      for (const input of inputs) result.add(input);
  return result;
}

function is({ op, attributes }: CompiledNode, name: string, kind: string): boolean {
  return op === name && (attributes as { kind?: string }).kind === kind;
}

function sums(
  kind: FusedAttributesOf['channelSums']['kind'],
  inputs: readonly CompiledNode[],
): FusedNode<'channelSums'> {
  const [x] = inputs;
  const channels = x!.shape.at(-1)!;
  const chunks = chunksOf(size(x!.shape), channels);
  const parts = kind === 'centered' || kind === 'masked' ? 2 : 1;
  return {
    op: 'channelSums',
    inputs,
    attributes: { kind, chunks },
    shape: [parts, chunks.count, channels],
    dtype: 'f32',
  };
}

/** The least width of a row in floats, which keeps loops over a row long, and of a chunk, in floats and in pixels. */
const LEAST_WIDTH = 64;
const CHUNK = 4096;
const CHUNK_PIXELS = 16;

/** Rows of whole pixels and whole vectors, in chunks: they depend on the shape alone. */
function chunksOf(floats: number, channels: number): RowChunks {
  // The least common multiple of channels and 4.
  const whole = channels * (channels % 4 === 0 ? 1 : channels % 2 === 0 ? 2 : 4);
  const width = whole * Math.ceil(LEAST_WIDTH / whole);
  const rows = Math.max(Math.floor(CHUNK / width), Math.ceil((CHUNK_PIXELS * channels) / width));
  return { width, rows, count: Math.max(1, Math.ceil(Math.floor(floats / width) / rows)) };
}

function joined(x: CompiledNode, part: number, divisor: number): FusedNode<'channelJoin'> {
  return {
    op: 'channelJoin',
    inputs: [x],
    attributes: { part, divisor },
    shape: [x.shape[2]!],
    dtype: 'f32',
  };
}

function rowsOf({ shape }: CompiledNode): number {
  return size(shape) / shape.at(-1)!;
}

/** Two vectors [c] as [2, c]; whoever reads one row of it reads the vector. */
function pair(first: CompiledNode, second: CompiledNode): CompiledNode {
  const [c] = first.shape as [number];
  const inputs = [first, second].map((vector) => reshaped(vector, [1, c]));
  return { op: 'concat', inputs, attributes: { axis: 0 }, shape: [2, c], dtype: 'f32' };
}

/** Row 0 or 1 of [2, c] as [c]. */
function row(both: CompiledNode, index: number): CompiledNode {
  const c = both.shape[1]!;
  const attributes = { start: [index, 0], shape: [1, c] };
  const part: CompiledNode = { op: 'slice', inputs: [both], attributes, shape: [1, c], dtype: 'f32' };
  return withoutDetour(reshaped(sliceOfPair(part), [c]));
}

/** A slice that is one of the two rows that were put together is that row. */
function sliceOfPair(node: CompiledNode): CompiledNode {
  const [both] = node.inputs;
  const { start, shape } = node.attributes as AttributesOf['slice'];
  const { axis } = both!.attributes as AttributesOf['concat'];
  const isRow = both!.op === 'concat' && axis === 0 && shape.length === 2 && start[1] === 0;
  const part = isRow && both!.shape[0] === 2 ? both!.inputs[start[0]!] : undefined;
  return part && sameShape(part.shape, shape) ? part : node;
}

/** A reshape of a reshape that ends where it began. */
function withoutDetour(node: CompiledNode): CompiledNode {
  const memory = memoryOf(node);
  return sameShape(memory.shape, node.shape) ? memory : node;
}
