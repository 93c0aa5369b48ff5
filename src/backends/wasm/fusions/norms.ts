import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf } from '../../../graph/names.js';
import { sameShape, size } from '../../../graph/shape.js';
import { channelJoin, channelSums } from './channel-nodes.js';
import { binary, filled, repeated, reshaped, unary } from './elementary.js';
import { normGradient, readByOthers, type Upstream, unmasked } from './norm-gradient.js';

/**
 * Batch norm becomes sums of fixed chunks of rows, so that all threads have work and the bits depend on shapes alone,
 * and x·a + b with a = scale/√(variance + epsilon), b = shift − mean·a, which are vectors of the channels: elementary
 * nodes, which chains join with what follows. Its gradient is two passes, sums and the input's gradient; both compute the
 * mask of a ReLU after it again, so that the masked gradient isn't written and read twice.
 */
export const fuseNorms: Rewrite = {
  name: 'batch norm by chunks of rows, and as scale and shift',
  apply: (roots) => {
    const kept = readByOthers(roots);
    const masks = new Map<CompiledNode, CompiledNode>();
    const upstreamOf = (up: CompiledNode, x: CompiledNode) => unmasked(up, x, kept.has(masks.get(up) ?? up));
    return rebuild(roots, (node, original) => {
      if (node.op === 'moments') return moments(node);
      if (node.op === 'normalize') return normalized(node);
      if (node.op === 'centeredSums') return centeredSums(node, upstreamOf);
      if (node.op === 'slice') return sliceOfPair(node);
      if (node.op === 'reshape') return withoutDetour(node);
      if (node.op !== 'binary') return node;
      masks.set(node, original);
      return normGradient(node, upstreamOf) ?? node;
    });
  },
};

function moments(node: CompiledNode): CompiledNode {
  const [x] = node.inputs as [CompiledNode];
  const rows = size(x.shape) / x.shape.at(-1)!;
  const mean = channelJoin(channelSums('sum', [x]), 0, rows);
  return pair(mean, channelJoin(channelSums('squares', [x, mean]), 0, rows));
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

function centeredSums(
  node: CompiledNode,
  upstreamOf: (up: CompiledNode, x: CompiledNode) => Upstream,
): CompiledNode {
  const [up, x, own] = node.inputs as [CompiledNode, CompiledNode, CompiledNode];
  const { up: from, by } = upstreamOf(up, x);
  const sums = channelSums(by.length > 0 ? 'masked' : 'centered', [x, row(own, 0), from, ...by]);
  return pair(channelJoin(sums, 0, 1), channelJoin(sums, 1, 1));
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
