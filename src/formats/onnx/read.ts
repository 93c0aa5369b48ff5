import { checkArray } from '../../checks.js';
import type { OnnxModel } from './model.js';
import { readGraph } from './read-graph.js';
import { entryOf } from './read-tensor.js';
import { badOnnx, bytesOf, fieldsOf, integerOf, textOf } from './wire.js';

/** ModelProto's number of the graph. */
export const GRAPH = 7;

/**
 * Reads an ONNX model. Tensors' elements are views of the bytes where the file has them raw, and stay undecoded until
 * numbersOf() is asked for them; subgraphs of If and Loop are kept unread. `name` is the file's, for messages.
 *
 * Throws `bad-file`: for what is no ONNX model, and says what it is where that is known; for one that is cut short or
 * damaged, with the place.
 */
export function readOnnx(bytes: Uint8Array, name: string): OnnxModel {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  checkStart(bytes, name);
  let [irVersion, producer] = [0, ''];
  const graphs: Uint8Array[] = [];
  const opset: [string, number][] = [];
  const metadata: [string, string][] = [];
  for (const field of fieldsOf(bytes, name)) {
    if (field.number === 1) irVersion = integerOf(field, name);
    else if (field.number === 2) producer = textOf(field, name);
    else if (field.number === GRAPH) graphs.push(bytesOf(field, name));
    else if (field.number === 8) opset.push(operatorSet(bytesOf(field, name), name));
    else if (field.number === 14) metadata.push(entryOf(bytesOf(field, name), name));
  }
  const graph = readGraph(graphs, name);
  if (graph.nodes.length === 0)
    throw badOnnx(name, 'has no graph of operators; check that it is an ONNX model');
  return {
    ...{ irVersion, producer, graph },
    opset: Object.fromEntries(opset),
    metadata: Object.fromEntries(metadata),
  };
}

/** An OperatorSetIdProto. */
function operatorSet(bytes: Uint8Array, place: string): [domain: string, version: number] {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(bytes, place)) {
    if (field.number === 1) domain = textOf(field, place);
    if (field.number === 2) version = integerOf(field, place);
  }
  return [domain === 'ai.onnx' ? '' : domain, version];
}

/** What people take for an ONNX file, by its first bytes. */
const others: readonly (readonly [start: string, what: string])[] = [
  ['PK\x03\x04', 'is a zip, as torch.save writes: export the network by torch.onnx.export'],
  ['\x80\x02', 'is a pickle: export the network by torch.onnx.export or skl2onnx'],
  ['\x89HDF', 'is HDF5, as Keras writes: convert the network by tf2onnx'],
  ['version https://git-lfs', 'is a pointer of Git LFS: get the file itself, by git lfs pull'],
  ['<', 'is a page, not a model: get the file itself'],
];

function checkStart(bytes: Uint8Array, name: string): void {
  const start = String.fromCharCode(...new Uint8Array(bytes.subarray(0, 32)));
  const other = others.find(([first]) => start.startsWith(first));
  if (other) throw badOnnx(name, other[1]);
  if (start === '') throw badOnnx(name, 'is empty; get it again');
}
