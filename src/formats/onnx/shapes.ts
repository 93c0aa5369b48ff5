import { intOf, intsOf } from './attributes.js';
import { constantsOf } from './constants.js';
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { numbersOf } from './numbers.js';
import { onnxWindowOf, sizeAfter } from './windows.js';

/** As OnnxValue has it; undefined: not even the rank is known. */
export type Dimensions = OnnxValue['shape'];

/** What a rule sees of a node. */
interface Context {
  readonly node: OnnxNode;
  /** Of its inputs. */
  readonly shapes: readonly Dimensions[];
  /** An input's whole numbers, where they are in the file. */
  integers(input: number): readonly number[] | undefined;
  readonly file: string;
}

type Rule = (context: Context) => Dimensions;

/**
 * The shapes of tensors as far as they follow from the graph by rules for common operators, or as the file tells them;
 * what isn't in the map isn't known. For people to read: runtimes do this in full.
 */
export function onnxShapes(graph: OnnxGraph, file: string): ReadonlyMap<string, NonNullable<Dimensions>> {
  const shapes = new Map<string, NonNullable<Dimensions>>();
  const note = (name: string, shape: Dimensions) => shape && name !== '' && shapes.set(name, shape);
  const constants = constantsOf(graph);
  for (const [name, { shape }] of constants) note(name, shape);
  for (const { name, shape } of [...graph.inputs, ...graph.outputs, ...graph.hidden.values()])
    note(name, shape);
  for (const node of graph.nodes) {
    const [output = ''] = node.outputs;
    const rule = node.domain === '' && !shapes.has(output) ? ruleFor(node.op) : undefined;
    if (!rule) continue;
    const integers = (input: number) => integersOf(constants.get(node.inputs[input] ?? ''), file);
    const context = { node, shapes: node.inputs.map((input) => shapes.get(input)), integers, file };
    note(output, rule(context));
  }
  return shapes;
}

function integersOf(tensor: OnnxTensor | undefined, file: string): readonly number[] | undefined {
  if (!tensor || tensor.external || (tensor.type !== 'i64' && tensor.type !== 'i32')) return undefined;
  return Array.from(numbersOf(tensor, file).data as ArrayLike<bigint | number>, Number);
}

const same: Rule = ({ shapes }) => shapes[0];

/** As NumPy broadcasts. */
const broadcast: Rule = ({ shapes }) => {
  if (shapes.length === 0 || shapes.includes(undefined)) return undefined;
  const rank = Math.max(...shapes.map((shape) => shape!.length));
  return Array.from({ length: rank }, (_, k) => {
    const sizes = shapes.map((shape) => {
      const at = k - (rank - shape!.length);
      return at < 0 ? 1 : shape![at];
    });
    return sizes.find((size) => size !== 1) ?? (sizes.includes(undefined) ? undefined : 1);
  });
};

const convolution: Rule = (context) => {
  const [image, weights] = context.shapes;
  if (!weights || weights.some((size) => typeof size !== 'number')) return undefined;
  return windowed(context, image, weights[0], weights.slice(2) as number[]);
};

const pooling: Rule = (context) => windowed(context, context.shapes[0], context.shapes[0]?.[1], undefined);

function windowed(
  { node, file }: Context,
  image: Dimensions,
  channels: number | string | undefined,
  kernel: readonly number[] | undefined,
): Dimensions {
  const size = image?.slice(2);
  if (!image || !isNumbers(size))
    return image && [image[0], channels, ...image.slice(2).map(() => undefined)];
  return [image[0], channels, ...sizeAfter(size, onnxWindowOf(node, size, kernel, file))];
}

function isNumbers(shape: Dimensions): shape is readonly number[] {
  return shape?.every((size) => typeof size === 'number') ?? false;
}

function product(shape: readonly (number | string | undefined)[]): number | string | undefined {
  if (shape.length === 1) return shape[0];
  return isNumbers(shape) ? shape.reduce((a, b) => a * b, 1) : undefined;
}

/** A place from the front, of one that may be counted from the back. */
function placeOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The axes of Squeeze, Unsqueeze and reductions: an attribute, from opset 13 and 18 on an input. */
function axesOf({ node, integers, file }: Context): readonly number[] | undefined {
  return intsOf(node, 'axes', file) ?? integers(1);
}

const matmul: Rule = ({ shapes: [a, b] }) =>
  a && b && a.length > 1 && b.length > 1
    ? [...(a.length >= b.length ? a : b).slice(0, -2), a.at(-2), b.at(-1)]
    : undefined;

const gemm: Rule = ({ node, shapes: [a, b], file }) => {
  if (a?.length !== 2 || b?.length !== 2) return undefined;
  const [rows, columns] = [intOf(node, 'transA', 0, file), intOf(node, 'transB', 0, file)];
  return [a[rows === 0 ? 0 : 1], b[columns === 0 ? 1 : 0]];
};

const flatten: Rule = ({ node, shapes: [x], file }) => {
  const axis = x && placeOf(intOf(node, 'axis', 1, file), x.length);
  return x && [axis === 0 ? 1 : product(x.slice(0, axis)), product(x.slice(axis))];
};

const reshape: Rule = ({ node, shapes: [x], integers, file }) => {
  const wanted = integers(1) ?? intsOf(node, 'shape', file);
  if (!wanted) return undefined;
  const copied = wanted.map((size, k) => (size === 0 ? x?.[k] : size < 0 ? undefined : size));
  const open = wanted.indexOf(-1);
  if (open < 0 || !x) return copied;
  const others = product(copied.filter((_, k) => k !== open));
  if (open === 0 && others === product(x.slice(1))) return [x[0], ...copied.slice(1)];
  // What both begin with, such as the batch, doesn't matter for the open one.
  const alike = copied.findIndex((size, k) => k === open || size !== x[k]);
  const [all, rest] = [
    product(x.slice(alike)),
    product(copied.slice(alike).filter((size) => size !== undefined)),
  ];
  const size = typeof all === 'number' && typeof rest === 'number' ? all / rest : undefined;
  return copied.map((given, k) => (k === open ? size : given));
};

const transpose: Rule = ({ node, shapes: [x], file }) =>
  x && (intsOf(node, 'perm', file) ?? x.map((_, k) => x.length - 1 - k)).map((from) => x[from]);

const concat: Rule = ({ node, shapes, file }) => {
  const [first] = shapes;
  if (!first || shapes.some((shape) => shape?.length !== first.length)) return undefined;
  const axis = placeOf(intOf(node, 'axis', 1, file), first.length);
  const along: Dimensions = shapes.map((shape) => shape![axis]);
  const sum = isNumbers(along) ? along.reduce((a, b) => a + b, 0) : undefined;
  return first.map((size, k) => (k === axis ? sum : size));
};

const squeeze: Rule = (context) => {
  const [x] = context.shapes;
  const axes = x && axesOf(context)?.map((axis) => placeOf(axis, x.length));
  return axes && x.filter((_, k) => !axes.includes(k));
};

const unsqueeze: Rule = (context) => {
  const [x] = context.shapes;
  const axes = x && axesOf(context);
  if (!axes) return undefined;
  const places = axes.map((axis) => placeOf(axis, x.length + axes.length));
  const left = [...x];
  return Array.from({ length: x.length + axes.length }, (_, k) => (places.includes(k) ? 1 : left.shift()));
};

const reduction: Rule = (context) => {
  const [x] = context.shapes;
  const axes = x && (axesOf(context) ?? x.map((_, k) => k)).map((axis) => placeOf(axis, x.length));
  if (!axes) return undefined;
  return intOf(context.node, 'keepdims', 1, context.file) === 1
    ? x.map((size, k) => (axes.includes(k) ? 1 : size))
    : x.filter((_, k) => !axes.includes(k));
};

const filled: Rule = ({ integers }) => integers(0);

const global: Rule = ({ shapes: [x] }) => x?.map((size, k) => (k < 2 ? size : 1));

const families: readonly (readonly [rule: Rule, operators: readonly string[]])[] = [
  [
    same,
    ['Abs', 'BatchNormalization', 'Cast', 'Clip', 'Dropout', 'Elu', 'Erf', 'Exp', 'Gelu', 'HardSigmoid'],
  ],
  [same, ['HardSwish', 'Identity', 'InstanceNormalization', 'LRN', 'LayerNormalization', 'LeakyRelu', 'Log']],
  [same, ['LogSoftmax', 'Neg', 'PRelu', 'Relu', 'Selu', 'Sigmoid', 'Softmax', 'Softplus', 'Sqrt', 'Tanh']],
  [broadcast, ['Add', 'Div', 'Max', 'Mean', 'Min', 'Mul', 'Pow', 'Sub', 'Sum']],
  [reduction, ['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum']],
  [pooling, ['MaxPool', 'AveragePool']],
  [global, ['GlobalAveragePool', 'GlobalMaxPool']],
  [filled, ['ConstantOfShape']],
  [convolution, ['Conv']],
  [matmul, ['MatMul']],
  [gemm, ['Gemm']],
  [flatten, ['Flatten']],
  [reshape, ['Reshape']],
  [transpose, ['Transpose']],
  [concat, ['Concat']],
  [squeeze, ['Squeeze']],
  [unsqueeze, ['Unsqueeze']],
];

function ruleFor(op: string): Rule | undefined {
  return families.find(([, operators]) => operators.includes(op))?.[0];
}
