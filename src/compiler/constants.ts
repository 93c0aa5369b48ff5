import type { AttributesOf } from '../graph/names.js';
import { size } from '../graph/shape.js';
import type { CompiledNode } from './node.js';

/** The words of a fill or constant: bits of f32, but for the tables that lowerings make, which are whole numbers. */
export function constantWords({ op, attributes, shape, dtype }: CompiledNode): Int32Array {
  if (op === 'fill')
    return wordsOf(new Float32Array(size(shape)).fill((attributes as AttributesOf['fill']).value));
  const { values } = attributes as AttributesOf['constant'];
  return dtype === 'i32' ? Int32Array.from(values) : wordsOf(Float32Array.from(values));
}

function wordsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer);
}
