import type { Bytes } from '../../arrays.js';
import { brandOf, checkList, checkNames, checkWord, shown } from '../../checks.js';
import { demand } from '../../errors.js';
import type { OnnxLayout } from '../../formats/onnx/describe.js';
import { writeOnnx } from '../../formats/onnx/write.js';
import type { LayerName } from '../layer-specs.js';
import { checkModel, type TrainedModel, weightOf } from '../model-file.js';
import { isComposite, type PlacedLayer, placedLayers } from '../placed-layers.js';
import { join } from './composites.js';
import { GraphBuilder, type Own, type Value } from './graph.js';
import { inputValue, normalizedInput } from './input.js';
import { type PlacedOf, writers } from './layers.js';
import { metadataOfOnnx } from './metadata.js';

export interface OnnxExportOptions {
  /**
   * How a model of images takes them: [N, channels, height, width], as most programs that use ONNX have it (default), or
   * [N, height, width, channels], as data sets here do.
   */
  layout?: OnnxLayout;
  /** Further entries of the file's metadata. */
  metadata?: Readonly<Record<string, string>>;
}

const [INPUT, LOGITS, PROBABILITIES] = ['input', 'logits', 'probabilities'];

/**
 * A model as an ONNX file (opset 17, IR 8) for other programs: `input` [N, …] is float32 in the units of the data set
 * (bytes 0 to 255 as they are), normalization is inside, N is any number of samples; `logits` and `probabilities`
 * (softmax at T = 1) are [N, classes]. Models of rows take [N, numbers], of images see `layout`. Class names are in the
 * metadata, as JSON ("classNames") and as a Python dictionary ("names"). Dropout is left out; batch norm stays, with its
 * running statistics. Results differ from predict() by rounding alone.
 * @throws DistillError 'bad-argument' for weights that don't belong to the architecture, and for a layout where the input
 * is no image.
 */
export function exportOnnx(model: TrainedModel, options: OnnxExportOptions = {}): Bytes {
  checkModel(model);
  checkNames(options, 'exportOnnx', ['layout', 'metadata']);
  const { layout, metadata = {} } = options;
  const layers = placedLayers(model.architecture);
  const { input } = model.architecture;
  if (layout !== undefined) checkLayout(layout, input.shape);
  checkTexts(model.classNames, metadata);

  const graph = new GraphBuilder([INPUT!, LOGITS!, PROBABILITIES!]);
  const given = inputValue(INPUT!, input, layout ?? 'nchw');
  const first = normalizedInput(INPUT!, input, layout ?? 'nchw', graph);
  graph.row(through(layers, first, graph, model), LOGITS!);
  graph.renameLast(LOGITS!);
  graph.node('Softmax', PROBABILITIES!, [LOGITS!], { axis: { int: -1 } });
  graph.renameLast(PROBABILITIES!);
  const classes = layers.at(-1)!.output[0]!;
  return writeOnnx({
    irVersion: 8,
    opset: { '': 17 },
    producer: 'wasm-distill',
    metadata: { ...metadata, ...metadataOfOnnx(model, given, layout ?? 'nchw') },
    graph: {
      name: 'student',
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [given],
      outputs: [LOGITS!, PROBABILITIES!].map((name) => ({ name, type: 'f32', shape: ['N', classes] })),
      hidden: new Map(),
    },
  });
}

function checkLayout(layout: unknown, shape: readonly number[]): void {
  checkWord(layout, 'the layout', ['nchw', 'nhwc']);
  demand(shape.length === 3, () => `a layout is for images, but the model takes [${shape}]: leave it out`);
}

function checkTexts(classNames: unknown, metadata: unknown): void {
  const isText = (value: unknown) => typeof value === 'string';
  if (classNames !== undefined) checkList(classNames, 'the class names', 'strings', isText);
  demand(
    brandOf(metadata) === 'Object' && Object.values(metadata as object).every(isText),
    () => `the metadata must be an object of strings, not ${shown(metadata)}`,
  );
}

function through(layers: readonly PlacedLayer[], x: Value, graph: GraphBuilder, model: TrainedModel): Value {
  let value = x;
  for (const layer of layers) {
    if (isComposite(layer)) {
      const branches = layer.branches.map((branch) => through(branch, value, graph, model));
      value = join(layer, branches, graph);
    } else {
      const { parameters } = layer;
      const own = Object.fromEntries(
        parameters.map((parameter) => [parameter.suffix, weightOf(model, parameter)]),
      );
      value = written(layer, value, graph, own);
    }
  }
  return value;
}

function written<K extends LayerName>(
  layer: PlacedOf<K> & { kind: K },
  x: Value,
  graph: GraphBuilder,
  own: Own,
): Value {
  return writers[layer.kind](layer, x, graph, own);
}
