import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { Epilogue } from '../../fusions/epilogue.js';
import { type Declared, type Kernel, kernel, LANES, line } from '../kernel.js';

/** How sums become what a product gives: its epilogue, over rows of `columns` numbers, four at a time where these fit. */
export interface Finish {
  readonly vector: boolean;
  readonly reads: Readonly<Record<string, CompiledNode | Declared>>;
  /** WGSL of `finished(sum, i, column)`: numbers are counted in fours where they are vectors, columns in ones. */
  readonly function: string;
}

export const NO_EPILOGUE: Epilogue = { bias: false, relu: false, mask: false };

/** Of a node with inputs [a, b, bias?, mask?]. */
export function finishOf({ inputs }: CompiledNode, epilogue: Epilogue, columns: number): Finish {
  const vector = columns % 4 === 0;
  const type = vector ? 'vec4f' : 'f32';
  const statements = [
    epilogue.bias ? `y = y + bias[column${vector ? ' / 4u' : ''}];` : '',
    epilogue.relu ? `y = select(y, ${type}(), y < ${type}());` : '',
    epilogue.mask ? `y = select(${type}(), y, by[i] > ${type}());` : '',
  ].filter((each) => each !== '');
  return {
    vector,
    reads: {
      ...(epilogue.bias ? { bias: declared(inputs[2]!, vector) } : {}),
      ...(epilogue.mask ? { by: declared(inputs.at(-1)!, vector) } : {}),
    },
    function: `
fn finished(sum: ${type}, i: u32, column: u32) -> ${type} {
  ${['var y = sum;', ...statements, 'return y;'].join('\n  ')}
}`,
  };
}

export function declared(node: CompiledNode, vector: boolean): CompiledNode | Declared {
  return vector ? { node, type: 'vec4f' } : node;
}

/** The sum of a node's `count` parts, which lie one after another, in this order. */
export function sumOfParts(
  node: CompiledNode,
  parts: CompiledNode,
  count: number,
  epilogue: Epilogue,
): Kernel {
  const columns = node.shape.at(-1)!;
  const finish = finishOf(node, epilogue, columns);
  const each = size(node.shape) / (finish.vector ? 4 : 1);
  const { workgroups, index } = line(Math.ceil(each / LANES));
  return kernel({
    name: `${node.op}, sum of ${count}`,
    reads: { parts: declared(parts, finish.vector), ...finish.reads },
    writes: { y: declared(node, finish.vector) },
    globals: finish.function,
    body: `  let i = (${index}) * ${LANES}u + lane;
  if (i >= ${each}u) { return; }
  var sum = parts[i];
  for (var part = 1u; part < ${count}u; part++) { sum = sum + parts[part * ${each}u + i]; }
  y[i] = finished(sum, i, ${finish.vector ? 'i * 4u' : 'i'} % ${columns}u);`,
    workgroups,
  });
}
