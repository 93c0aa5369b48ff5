import { brandOf, shown } from '../../checks.js';
import { demand } from '../../errors.js';
import { onnxClassNames } from './class-names.js';
import { constantsOf } from './constants.js';
import { isZipMap } from './edit.js';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxType, OnnxValue } from './model.js';
import { externalFilesOf } from './numbers.js';
import { type Dimensions, onnxShapes } from './shapes.js';

/** Where the channels of images are: before height and width, or after them. */
export type OnnxLayout = 'nchw' | 'nhwc';

/** What an output holds, as far as the operator tells that it comes from. */
export type OnnxOutputKind = 'logits' | 'probabilities' | 'labels';

/** What a person wants to know of a model, and a program that lets it teach. */
export interface OnnxDescription {
  readonly irVersion: number;
  /** By domain; '' is ONNX's own. */
  readonly opset: Readonly<Record<string, number>>;
  readonly producer: string;
  /** `layout` where the input is images: by what takes it, else by its shape; undefined: unknown or no images. */
  readonly inputs: readonly (OnnxValue & { readonly layout: OnnxLayout | undefined })[];
  readonly outputs: readonly (OnnxValue & { readonly kind: OnnxOutputKind | undefined })[];
  /** Tensors inside that can be hints, with the operator that makes each and its shape, where known. */
  readonly hidden: readonly { readonly name: string; readonly op: string; readonly shape: Dimensions }[];
  /** How many nodes there are of each operator; those of other domains as `domain:Operator`. */
  readonly operators: Readonly<Record<string, number>>;
  /** How many numbers its weights are. */
  readonly parameters: number;
  readonly classNames: readonly string[] | undefined;
  /** Files that must lie beside it. */
  readonly externalFiles: readonly string[];
}

/** `name` is the file's, for messages. Throws `bad-file`. */
export function describeOnnx(model: OnnxModel, name: string): OnnxDescription {
  checkOnnxModel(model);
  const { irVersion, opset, producer, graph } = model;
  const shapes = onnxShapes(graph, name);
  return {
    ...{ irVersion, opset, producer },
    inputs: graph.inputs.map((input) => ({ ...input, layout: layoutOf(graph, input) })),
    outputs: graph.outputs.map((output) => ({
      ...output,
      shape: output.shape ?? shapes.get(output.name),
      kind: kindOf(graph, output),
    })),
    hidden: hiddenOf(graph).map(({ name, op }) => ({ name, op, shape: shapes.get(name) })),
    operators: countsOf(graph.nodes),
    parameters: parametersOf(graph),
    classNames: onnxClassNames(model),
    externalFiles: externalFilesOf(model),
  };
}

/** @throws DistillError 'bad-argument' for what readOnnx() doesn't answer */
export function checkOnnxModel(model: unknown): asserts model is OnnxModel {
  demand(
    brandOf((model as OnnxModel | undefined)?.graph?.initializers) === 'Map',
    () => `the model must be one that readOnnx() answers, not ${shown(model)}`,
  );
}

/** Operators whose result isn't what a network computes from samples. */
const helpers = ['Constant', 'ConstantOfShape', 'Shape', 'Size', 'Range', 'ArgMax', 'NonZero', 'If', 'Loop'];

function hiddenOf(graph: OnnxGraph): readonly { name: string; op: string }[] {
  const constants = constantsOf(graph);
  const outer = new Set(graph.outputs.map(({ name }) => name));
  return graph.nodes
    .filter((node) => !helpers.includes(node.op) && !isZipMap(node))
    .flatMap(({ op, domain, outputs }) =>
      // Further ones of ONNX's own operators are masks and statistics.
      (domain === '' ? outputs.slice(0, 1) : outputs).map((name) => ({ name, op })),
    )
    .filter(({ name }) => name !== '' && !outer.has(name) && !constants.has(name));
}

function countsOf(nodes: readonly OnnxNode[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { op, domain } of nodes) {
    const key = domain === '' ? op : `${domain}:${op}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Types of shapes, axes, conditions and texts. */
const noWeights: readonly OnnxType[] = ['i64', 'i32', 'bool', 'string'];

function parametersOf({ initializers, nodes }: OnnxGraph): number {
  const inNodes = nodes.flatMap(({ op, attributes }) =>
    op === 'Constant'
      ? Object.values(attributes).flatMap((value) => ('tensor' in value ? [value.tensor] : []))
      : [],
  );
  const count = ({ type, shape }: OnnxTensor) =>
    noWeights.includes(type) ? 0 : shape.reduce((a, b) => a * b, 1);
  return [...initializers.values(), ...inNodes].reduce((sum, tensor) => sum + count(tensor), 0);
}

/** Operators on images with the channels first. */
const onImages: readonly string[] = [
  ...['Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'GlobalMaxPool', 'GlobalAveragePool'],
  ...['BatchNormalization', 'Resize'],
];

/** Convolutions of ONNX take channels first; converters from TensorFlow turn images before the first one. */
export function layoutOf(graph: OnnxGraph, { name, shape }: OnnxValue): OnnxLayout | undefined {
  if (shape?.length !== 4) return undefined;
  const seen = new Set([name]);
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    if (!seen.has(inputs[0] ?? '')) continue;
    if (onImages.includes(op)) return 'nchw';
    if (op === 'Transpose' && attributes.perm && 'ints' in attributes.perm) {
      const order = attributes.perm.ints.join();
      if (order === '0,3,1,2') return 'nhwc';
      if (order === '0,2,3,1') return 'nchw';
    }
    // Scaling and the like leave images as they are.
    for (const output of outputs) seen.add(output);
  }
  const isColors = (size: number | string | undefined) => size === 1 || size === 3 || size === 4;
  const [first, last] = [isColors(shape[1]), isColors(shape[3])];
  if (first === last) return undefined;
  return first ? 'nchw' : 'nhwc';
}

/** Operators that leave values as they are, or nearly. */
const passing = ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast', 'Dropout', 'ZipMap'];

const kinds: readonly (readonly [kind: OnnxOutputKind, operators: readonly string[]])[] = [
  ['probabilities', ['Softmax', 'Sigmoid', 'Normalizer', 'TreeEnsembleClassifier']],
  ['logits', ['Gemm', 'MatMul', 'Add', 'Conv', 'LogSoftmax', 'GlobalAveragePool', 'ReduceMean']],
  ['labels', ['ArgMax', 'ArrayFeatureExtractor']],
];

function kindOf({ nodes }: OnnxGraph, { name, type }: OnnxValue): OnnxOutputKind | undefined {
  if (type === 'string' || type === 'i64' || type === 'i32') return 'labels';
  let wanted = name;
  // Backwards: each node follows those whose outputs it takes.
  for (const { op, inputs, outputs, attributes } of [...nodes].reverse()) {
    if (!outputs.includes(wanted)) continue;
    if (passing.includes(op)) wanted = inputs[0] ?? '';
    else if (op === 'LinearClassifier' || op === 'SVMClassifier') {
      const after = attributes.post_transform;
      return after && 'string' in after && after.string !== 'NONE' ? 'probabilities' : 'logits';
    } else return kinds.find(([, operators]) => operators.includes(op))?.[0];
  }
  return undefined;
}
