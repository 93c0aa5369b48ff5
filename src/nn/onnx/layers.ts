import { pairOf } from '../../ops/window.js';
import type { LayerName } from '../layer-specs.js';
import type { PlacedAtom } from '../placed-layers.js';
import { transposedWindowOf, windowOf } from '../windows.js';
import type { GraphBuilder, Own, Value } from './graph.js';
import { norm } from './norm.js';
import { convolution, dense, dilated, windowed } from './weighted.js';

export type PlacedOf<K extends LayerName> = Extract<PlacedAtom, { kind: K }>;

/** Adds the nodes that do what a layer does in mode 'infer', and answers what they make of x. */
type Writer<K extends LayerName> = (layer: PlacedOf<K>, x: Value, graph: GraphBuilder, own: Own) => Value;

/** Every layer; a missing one is a compile error. */
export const writers: { readonly [K in LayerName]: Writer<K> } = {
  conv: (layer, x, graph, own) => {
    const { spec, parameters } = layer;
    const attributes = { ...dilated(windowOf(spec)), group: { int: spec.groups ?? 1 } };
    return convolution(layer, x, graph, own, { op: 'Conv', shape: parameters[0]!.shape, attributes });
  },
  deconv: (layer, x, graph, own) => {
    const { spec, parameters } = layer;
    const window = transposedWindowOf(spec);
    const attributes = { ...dilated(window), output_padding: { ints: window.outputPadding } };
    return convolution(layer, x, graph, own, {
      op: 'ConvTranspose',
      shape: parameters[0]!.shape,
      attributes,
    });
  },
  depthwise: (layer, x, graph, own) => {
    const { spec, input } = layer;
    const [, , channels] = input as [number, number, number];
    const window = windowOf(spec);
    const attributes = { ...dilated(window), group: { int: channels } };
    return convolution(layer, x, graph, own, {
      ...{ op: 'Conv', shape: [...window.kernel, 1, channels], attributes },
    });
  },
  dense: (layer, x, graph, own) => dense(layer, x, graph, own, layer.spec.dense),
  norm,
  relu: elementwise('Relu'),
  leakyRelu: ({ path, spec }, x, graph) => ({
    ...x,
    name: graph.node('LeakyRelu', path, [x.name], { alpha: { float: spec.leakyRelu } }),
  }),
  sigmoid: elementwise('Sigmoid'),
  tanh: elementwise('Tanh'),
  maxout: ({ path, spec, input, output }, x, graph) => {
    const isImage = input.length === 3;
    const from = isImage ? x : graph.row(x, path);
    // Channels are the first of an image's axes, and the last of others'.
    const shape = isImage
      ? [0, output[2]!, spec.maxout, output[0]!, output[1]!]
      : [0, ...output, spec.maxout];
    const grouped = graph.node('Reshape', `${path}.groups`, [
      from.name,
      graph.wholes(`${path}.shape`, shape),
    ]);
    const axis = isImage ? 2 : shape.length - 1;
    const attributes = { axes: { ints: [axis] }, keepdims: { int: 0 } };
    const name = graph.node('ReduceMax', path, [grouped], attributes);
    return isImage ? { name, image: output } : { name };
  },
  pool: ({ path, spec, output }, x, graph) => ({
    name: graph.node('MaxPool', path, [x.name], windowed(windowOf(spec))),
    image: output,
  }),
  avg: ({ path, spec, output }, x, graph) => ({
    name: graph.node('AveragePool', path, [x.name], {
      ...windowed(windowOf(spec)),
      // Padding counts as zeros.
      count_include_pad: { int: 1 },
    }),
    image: output,
  }),
  gap: ({ path, input }, x, graph) => ({
    name: graph.node('GlobalAveragePool', path, [x.name]),
    image: [1, 1, input[2]!],
  }),
  upsample: ({ path, spec, output }, x, graph) => {
    const [down, across] = pairOf(spec.upsample, 'the factor of upsample');
    const scales = graph.floats(`${path}.scales`, [4], Float32Array.of(1, 1, down, across));
    const name = graph.node('Resize', path, [x.name, '', scales], {
      mode: { string: 'nearest' },
      coordinate_transformation_mode: { string: 'asymmetric' },
      nearest_mode: { string: 'floor' },
    });
    return { name, image: output };
  },
  flatten: ({ path, input }, x, graph) =>
    x.image || input.length === 1 ? x : { name: graph.node('Flatten', path, [x.name], { axis: { int: 1 } }) },
  dropout: (_layer, x) => x,
};

function elementwise(op: string) {
  return ({ path }: { path: string }, x: Value, graph: GraphBuilder): Value => ({
    ...x,
    name: graph.node(op, path, [x.name]),
  });
}
