import type { OnnxLayout } from '../../formats/onnx/describe.js';
import type { OnnxValue } from '../../formats/onnx/model.js';
import type { InputSpec } from '../specs.js';
import type { GraphBuilder, Value } from './graph.js';

/** What the graph takes: float32 in the data's own units. */
export function inputValue(name: string, { shape }: InputSpec, layout: OnnxLayout): OnnxValue {
  const [height, width, channels] = shape;
  const sample = shape.length === 3 && layout === 'nchw' ? [channels, height, width] : shape;
  return { name, type: 'f32', shape: ['N', ...sample] };
}

/** The input as the first layer reads it: in the order of the layers, and normalized as inside, in the same steps. */
export function normalizedInput(
  name: string,
  input: InputSpec,
  layout: OnnxLayout,
  graph: GraphBuilder,
): Value {
  const { shape, normalization } = input;
  const isImage = shape.length === 3;
  let value = name;
  if (isImage && layout === 'nhwc')
    value = graph.node('Transpose', `${name}.planes`, [value], { perm: { ints: [0, 3, 1, 2] } });
  if (normalization) {
    const { mean, deviation } = normalization;
    const constant = (what: string, list: readonly number[]) =>
      graph.floats(`${name}.${what}`, isImage ? [list.length, 1, 1] : [list.length], Float32Array.from(list));
    if (mean.some((m) => m !== 0))
      value = graph.node('Sub', `${name}.centered`, [value, constant('mean', mean)]);
    value = graph.node('Mul', `${name}.normalized`, [
      ...[
        value,
        constant(
          'factor',
          deviation.map((d) => 1 / d),
        ),
      ],
    ]);
  }
  return isImage ? { name: value, image: shape } : { name: value };
}
