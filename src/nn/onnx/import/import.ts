import { checkNames, shown } from '../../../checks.js';
import { DistillError, demand } from '../../../errors.js';
import { onnxClassNames } from '../../../formats/onnx/class-names.js';
import { describeOnnx, layoutOf } from '../../../formats/onnx/describe.js';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from '../../../formats/onnx/model.js';
import type { ExternalFiles } from '../../../formats/onnx/numbers.js';
import { nameOf } from '../../../formats/onnx/order.js';
import { readOnnx } from '../../../formats/onnx/read.js';
import type { TrainedModel } from '../../model-file.js';
import type { InputSpec } from '../../specs.js';
import { type Branch, modelOf } from './branch.js';
import { asClasses } from './elementwise.js';
import { type Flow, flowOf } from './flow.js';
import { inputForm, inputSpec } from './input.js';
import { walked } from './walk.js';

/** Small graphs: comparing all paths to each join takes time by the square of their number. */
const MOST_NODES = 4096;

export interface OnnxImportOptions {
  /** The output that has the logits or probabilities, of several (default: the first such). */
  output?: string | undefined;
  /** What samples are, where the graph takes them prepared: { values: 'bytes', normalization: { mean, deviation } }. */
  input?: Pick<InputSpec, 'values' | 'normalization'> | undefined;
  /** Answers the content of files beside the model, for weights that lie there. */
  files?: ExternalFiles | undefined;
}

/**
 * A small ONNX graph as a network of ours, with its weights: to be trained on, to teach, to run in wasm-distill/infer.
 * Images become [height, width, channels], whatever the graph's layout; a softmax at the end is left out, as our networks
 * end with logits; what scales samples at the input becomes its normalization; a sigmoid of one logit becomes two classes.
 * `name` is the file's, for messages.
 *
 * Throws `bad-file` for what is no ONNX model, and for graphs that our layers can't express: the sentence names the node.
 */
export function importOnnx(bytes: Uint8Array, name: string, options: OnnxImportOptions = {}): TrainedModel {
  checkNames(options, 'importOnnx', ['output', 'input', 'files']);
  const { files } = options;
  demand(
    files === undefined || typeof files === 'function',
    () => `files must be a function, not ${shown(files)}`,
  );
  const model = readOnnx(bytes, name);
  const { graph } = model;
  const input = inputOf(graph, name);
  const flow = flowOf(graph, input.name);
  const end = endOf(flow, outputOf(model, options.output, name), input.name, name);
  const form = inputForm(input, layoutOf(graph, input), name);
  const batch = input.shape?.[0];
  const walk = {
    ...{ flow, files, file: name, batch: typeof batch === 'number' ? batch : undefined },
    ...{ shapes: new Map(), lists: new Map(), done: new Set<OnnxNode>(), names: new Set<string>() },
  };
  const start: Branch = { layers: [], form, input: { factor: [1], shift: [0] } };
  const branch = walked(walk, start, input.name, end.tensor);
  const classes = asClasses(end.sigmoid ? asTwoClasses(branch, name) : branch);
  if (!classes) throw refused(name, 'it ends with something else than a row of classes');
  const spec = inputSpec(start, classes, input, model.metadata, options.input, name);
  return modelOf(classes, spec, onnxClassNames(model), name);
}

function refused(file: string, why: string): DistillError {
  return new DistillError('bad-file', `${file} can't become layers: ${why}`);
}

function inputOf({ inputs, nodes }: OnnxGraph, file: string): OnnxValue {
  const [input, second] = inputs;
  if (!input) throw refused(file, 'it has no input');
  if (second) throw refused(file, `it has ${inputs.length} inputs, ${input.name} and ${second.name}`);
  const first = nodes.find(({ op, inputs: own }) => own.includes(input.name) && op !== 'Cast');
  if (input.type === 'u8' && first)
    throw refused(file, `the node ${nameOf(first)} computes with bytes, where layers compute with floats`);
  if (nodes.length > MOST_NODES) throw refused(file, `it has ${nodes.length} nodes, more than ${MOST_NODES}`);
  return input;
}

function outputOf(model: OnnxModel, wanted: string | undefined, file: string): string {
  const { outputs } = describeOnnx(model, file);
  const names = outputs.map((output) => output.name);
  if (wanted !== undefined) {
    demand(
      names.includes(wanted),
      () => `${file} has no output ${shown(wanted)}: there are ${names.join(', ')}`,
    );
    return wanted;
  }
  const found = outputs.find(({ kind }) => kind === 'logits' || kind === 'probabilities') ?? outputs[0];
  if (!found) throw refused(file, 'it has no output');
  return found.name;
}

/** Where the logits are: before what makes probabilities of them. */
function endOf(
  flow: Flow,
  output: string,
  input: string,
  file: string,
): { tensor: string; sigmoid: boolean } {
  let tensor = output;
  let sigmoid = false;
  for (;;) {
    const node = flow.maker(tensor);
    if (!node || flow.moving(node).length === 0) throw refused(file, `${tensor} doesn't depend on ${input}`);
    if (!sigmoid && node.op === 'Sigmoid') sigmoid = true;
    else if (sigmoid || !isAfterLogits(node)) return { tensor, sigmoid };
    tensor = node.inputs[0]!;
  }
}

function isAfterLogits({ op, attributes }: OnnxNode): boolean {
  const { axis } = attributes;
  // Of a row both are the classes.
  const byClasses = !axis || ('int' in axis && (axis.int === 1 || axis.int === -1));
  return op === 'Identity' || op === 'Cast' || op === 'ZipMap' || (/^(Log)?Softmax$/.test(op) && byClasses);
}

/** σ(z) is the second class's probability by softmax over 0 and z. */
function asTwoClasses(branch: Branch, file: string): Branch {
  const last = branch.layers.at(-1);
  if (!last || !('dense' in last.spec) || last.spec.dense !== 1)
    throw refused(
      file,
      `its ${nameOf({ op: 'Sigmoid', name: '' })} is of several classes, each by itself, where ours share a softmax`,
    );
  const { bias: _, ...spec } = last.spec;
  const two = (list: Float32Array) =>
    Float32Array.from({ length: 2 * list.length }, (_, i) => (i % 2 ? list[i >> 1]! : 0));
  const own = { weight: two(last.own.weight!), bias: two(last.own.bias ?? new Float32Array(1)) };
  const form = { ...branch.form, axes: [2], dims: branch.form.dims.map((_, k) => (k === 0 ? [0] : [])) };
  return { ...branch, form, layers: [...branch.layers.slice(0, -1), { spec: { ...spec, dense: 2 }, own }] };
}
