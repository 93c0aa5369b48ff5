import type {
  OnnxAttribute,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
} from '#library/formats/onnx/model.js';
import { writeOnnx } from '#library/formats/onnx/write.js';

/** What a small ONNX graph for tests consists of; what is left out is what most have. */
export interface SmallGraph {
  nodes: readonly OnnxNode[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  initializers?: readonly OnnxTensor[];
  metadata?: Record<string, string>;
  irVersion?: number;
}

export function onnxFile({ nodes, inputs, outputs, initializers = [], metadata, irVersion }: SmallGraph) {
  return writeOnnx({
    irVersion: irVersion ?? 8,
    producer: 'tests',
    opset: { '': 17, 'ai.onnx.ml': 3 },
    metadata: metadata ?? {},
    graph: {
      ...{ name: 'small', nodes, inputs, outputs, hidden: new Map() },
      initializers: new Map(initializers.map((tensor) => [tensor.name, tensor])),
    },
  });
}

export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
  domain = '',
): OnnxNode {
  return { op, domain, name: '', inputs, outputs: output.split(','), attributes };
}

export function value(
  name: string,
  shape: OnnxValue['shape'],
  type: OnnxType | undefined = 'f32',
): OnnxValue {
  return { name, type, shape };
}

export function floats(name: string, shape: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { name, shape, type: 'f32', bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function integers(name: string, values: readonly number[]): OnnxTensor {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, shape: [values.length], type: 'i64', bytes };
}

/** Numbers between −1 and 1 that look random, the same everywhere. */
export function numbers(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A perceptron of 4 inputs, 8 hidden units and `classes` outputs; `last` is what comes after its logits. */
export function perceptron({
  classes = 3,
  last = 'Identity',
  ...changes
}: { classes?: number; last?: string } & Partial<SmallGraph> = {}) {
  return onnxFile({
    nodes: [
      node('Gemm', ['x', 'w1', 'b1'], 'h'),
      node('Relu', ['h'], 'r'),
      node('Gemm', ['r', 'w2', 'b2'], 'z'),
      node(last, ['z'], 'y'),
    ],
    inputs: [value('x', ['n', 4])],
    outputs: [value('y', ['n', classes])],
    initializers: [
      floats('w1', [4, 8], numbers(32, 1)),
      floats('b1', [8], numbers(8, 2)),
      floats('w2', [8, classes], numbers(8 * classes, 3)),
      floats('b2', [classes], numbers(classes, 4)),
    ],
    ...changes,
  });
}

/** A graph that answers what it is given, flattened: what a model takes can be seen. */
export function mirror(shape: readonly (number | string)[], type: OnnxType = 'f32') {
  const nodes =
    type === 'f32'
      ? [node('Flatten', ['x'], 'y')]
      : [node('Cast', ['x'], 'c', { to: { int: 1 } }), node('Flatten', ['c'], 'y')];
  return onnxFile({ nodes, inputs: [value('x', shape, type)], outputs: [value('y', undefined)] });
}
