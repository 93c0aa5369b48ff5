import type { OnnxAttribute } from '../../formats/onnx/model.js';
import { type Shape, size } from '../../graph/shape.js';
import type { LayerWindow } from '../windows.js';
import type { GraphBuilder, Own, Value } from './graph.js';
import { turned } from './turned.js';

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** What a node with weights is made of. */
interface Weighted {
  readonly op: 'Conv' | 'ConvTranspose';
  /** Our weights' shape; made four-dimensional, their axes in the order of ONNX's are 3, 2, 0, 1. */
  readonly shape: Shape;
  readonly attributes: Attributes;
}

/**
 * A convolution of images. Ours are [kernel height, kernel width, channels, filters] and, transposed, [kernel height,
 * kernel width, filters, channels]; ONNX's are [filters, channels, …kernel] and [channels, filters, …kernel].
 */
export function convolution(
  { path, output }: { path: string; output: Shape },
  x: Value,
  graph: GraphBuilder,
  own: Own,
  { op, shape, attributes }: Weighted,
): Value {
  const axes = [3, 2, 0, 1];
  const weight = graph.floats(
    `${path}.weight`,
    axes.map((axis) => shape[axis]!),
    turned(own.weight!, shape, axes),
  );
  return {
    name: graph.node(op, path, [x.name, weight, ...biasOf(path, graph, own)], attributes),
    image: output,
  };
}

/**
 * Weighted sums of all numbers of x. Those of an image lie by channel in ONNX, pixel by pixel inside: here the rows of the
 * weights [inputs, units] are put in the order of the numbers, so nothing is moved when the model runs.
 */
export function dense(
  { path, input }: { path: string; input: Shape },
  x: Value,
  graph: GraphBuilder,
  own: Own,
  units: number,
): Value {
  const inputs = size(input);
  const values = x.image ? turned(own.weight!, [...x.image, units], [2, 0, 1, 3]) : own.weight!;
  const weight = graph.floats(`${path}.weight`, [inputs, units], values);
  const isRow = !x.image && input.length === 1;
  const row = isRow ? x.name : graph.node('Flatten', `${path}.flat`, [x.name], { axis: { int: 1 } });
  const bias = biasOf(path, graph, own);
  return { name: graph.node(bias.length > 0 ? 'Gemm' : 'MatMul', path, [row, weight, ...bias]) };
}

function biasOf(path: string, graph: GraphBuilder, { bias }: Own): string[] {
  return bias ? [graph.floats(`${path}.bias`, [bias.length], bias)] : [];
}

/** Of pools, which aren't dilated. Paddings are in the same order: top, left, bottom, right. */
export function windowed({ kernel, stride, padding }: LayerWindow): Attributes {
  return { kernel_shape: { ints: kernel }, strides: { ints: stride }, pads: { ints: padding } };
}

export function dilated(window: LayerWindow): Attributes {
  return { ...windowed(window), dilations: { ints: window.dilation } };
}
