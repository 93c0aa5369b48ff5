import type { CompiledNode } from '../../../compiler/node.js';
import type { Pair, WindowAttributes } from '../../../graph/names.js';
import { size } from '../../../graph/shape.js';
import { type Kernel, kernel, LANES, line } from '../kernel.js';
import { declared, NO_EPILOGUE, sumOfParts } from './finish.js';
import { passing } from './images.js';
import { type Lowering, scratch } from './lowering.js';

/* An invocation computes a number, or four of as many channels: of each there are few products. */

export const depthwise: Lowering<'depthwise'> = (node) => byPixels(node, node.attributes, 'forward');
export const depthwiseInput: Lowering<'depthwiseInput'> = (node) =>
  byPixels(node, node.attributes, 'backward');

function byPixels(node: CompiledNode, window: WindowAttributes, direction: 'forward' | 'backward'): Kernel {
  const [of, w] = node.inputs as [CompiledNode, CompiledNode];
  const kernelSize: Pair = [w.shape[0]!, w.shape[1]!];
  const { vector, type, across } = channelsOf(node);
  return overLine(size(node.shape) / (vector ? 4 : 1), {
    name: node.op,
    reads: { x: declared(of, vector), w: declared(w, vector) },
    writes: { y: declared(node, vector) },
    globals: passing('x', { kernel: kernelSize, window, of, from: node, direction }),
    body: `  let c = i % ${across}u;
  let pixel = x_pixel(i / ${across}u);
  var sum = ${type}();
  for (var tap = 0u; tap < ${kernelSize[0] * kernelSize[1]}u; tap++) {
    let place = x_place(pixel, tap);
    if (place != OUTSIDE) { sum = fma(x[place * ${across}u + c], w[tap * ${across}u + c], sum); }
  }
  y[i] = sum;`,
  });
}

/** Numbers that are summed at the same time, to fill a large GPU. */
const FULL = 32_768;
const MOST_PARTS = 256;

/** Each part of the pixels is summed by itself, then parts in order. */
export const depthwiseWeight: Lowering<'depthwiseWeight'> = (node) => {
  const [x, y] = node.inputs as [CompiledNode, CompiledNode];
  const { vector, type, across } = channelsOf(node);
  const each = size(node.shape) / (vector ? 4 : 1);
  const pixels = size(y.shape) / y.shape[3]!;
  const wanted = Math.min(MOST_PARTS, Math.ceil(FULL / each), Math.ceil(pixels / 32));
  const chunk = Math.ceil(pixels / wanted);
  const parts = Math.ceil(pixels / chunk);
  const target = parts === 1 ? node : scratch([parts, ...node.shape]);
  const sums = overLine(each * parts, {
    name: node.op,
    reads: { x: declared(x, vector), dy: declared(y, vector) },
    writes: { y: declared(target, vector) },
    globals: passing('x', {
      kernel: node.attributes.kernel,
      window: node.attributes,
      of: x,
      from: y,
      direction: 'forward',
    }),
    body: `  let c = i % ${across}u;
  let tap = i % ${each}u / ${across}u;
  let first = i / ${each}u * ${chunk}u;
  var sum = ${type}();
  for (var p = first; p < min(first + ${chunk}u, ${pixels}u); p++) {
    let place = x_place(x_pixel(p), tap);
    if (place != OUTSIDE) { sum = fma(x[place * ${across}u + c], dy[p * ${across}u + c], sum); }
  }
  y[i] = sum;`,
  });
  return parts === 1 ? sums : [sums, sumOfParts(node, target, parts, NO_EPILOGUE)];
};

/** How a node's channels are bound. */
function channelsOf({ shape }: CompiledNode): { vector: boolean; type: string; across: number } {
  const channels = shape.at(-1)!;
  const vector = channels % 4 === 0;
  return { vector, type: vector ? 'vec4f' : 'f32', across: vector ? channels / 4 : channels };
}

/** An invocation for each of `count`, by its number `i`. */
function overLine(
  count: number,
  { body, ...parts }: Omit<Parameters<typeof kernel>[0], 'workgroups' | 'lanes'>,
): Kernel {
  const { workgroups, index } = line(Math.ceil(count / LANES));
  return kernel({
    ...parts,
    body: `  let i = (${index}) * ${LANES}u + lane;
  if (i >= ${count}u) { return; }
${body}`,
    workgroups,
  });
}
