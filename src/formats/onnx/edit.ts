/** Edits of a model's bytes. What isn't touched stays as it is, byte for byte. */
import type { Bytes } from '../../arrays.js';
import { checkList } from '../../checks.js';
import { demand } from '../../errors.js';
import type { OnnxGraph, OnnxNode } from './model.js';
import { GRAPH, readOnnx } from './read.js';
import { graphFields, readNode, readValue } from './read-graph.js';
import { bytesOf, type Field, fieldsOf } from './wire.js';
import { joined, lengthed, type Parts } from './wire-parts.js';

/** The symbol of the number of samples. */
const BATCH = 'batch';

/**
 * The model with more outputs: tensors inside the graph, by name, such as those that are to be hints. Fields of a second
 * graph at the end: protocol buffers join messages that come twice.
 *
 * `name` is the file's, for messages. Throws `bad-file`, and `bad-argument` for a name that the graph doesn't have.
 */
export function addOnnxOutputs(bytes: Uint8Array, outputs: readonly string[], name: string): Bytes {
  const { graph } = readOnnx(bytes, name);
  checkList(outputs, 'outputs', 'names of tensors', (output) => typeof output === 'string');
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const there = new Set(graph.outputs.map((output) => output.name));
  for (const output of outputs)
    demand(
      output !== '' && made.has(output),
      () => `${name} makes no ${JSON.stringify(output.slice(0, 80))}`,
    );
  const missing = [...new Set(outputs)].filter((output) => !there.has(output));
  const fields = missing.flatMap((output) => lengthed(graphFields.output, lengthed(1, output)));
  return joined(missing.length > 0 ? [bytes, ...lengthed(GRAPH, fields)] : [bytes]);
}

/**
 * The model with a symbol as the first dimension of inputs and outputs, in place of the number of samples that it was
 * exported with. What is told of tensors inside goes, where it has such a number: runtimes find that out themselves.
 *
 * `name` is the file's, for messages. Throws `bad-file`.
 */
export function freeOnnxBatch(bytes: Uint8Array, name: string): Bytes {
  const { graph } = readOnnx(bytes, name);
  const batch = graph.inputs[0]?.shape?.[0];
  if (typeof batch === 'string') return joined([bytes]);
  const own = (field: Field) => {
    const value = readValue(bytesOf(field, name), name);
    const first = value.shape?.[0];
    const isBatch = value.shape !== undefined && value.shape.length > 0 && first === (batch ?? first);
    return isBatch && typeof first !== 'string' && !graph.initializers.has(value.name);
  };
  return joined(
    editedGraph(bytes, name, (field) => {
      if (field.number === graphFields.hidden && own(field)) return [];
      const isOuter = field.number === graphFields.input || field.number === graphFields.output;
      return isOuter && own(field) ? lengthed(field.number, withFreeFirst(field.bytes, name)) : undefined;
    }),
  );
}

/** A ValueInfoProto: field 2 is its type, there 1 is that of a tensor, there 2 the shape, of which each 1 is a dimension. */
function withFreeFirst(value: Uint8Array, place: string): Parts {
  const within =
    (number: number, edit: (bytes: Uint8Array) => Parts) =>
    (bytes: Uint8Array): Parts =>
      edited(bytes, place, (field) =>
        field.number === number ? lengthed(number, edit(bytesOf(field, place))) : undefined,
      );
  const shape = (bytes: Uint8Array): Parts => {
    let seen = false;
    return edited(bytes, place, ({ number }) => {
      if (number !== 1 || seen) return undefined;
      seen = true;
      return lengthed(1, lengthed(2, BATCH));
    });
  };
  return within(2, within(1, within(2, shape)))(value);
}

/**
 * The model without ZipMap, by which scikit-learn's converter makes dictionaries of probabilities, which runtimes don't
 * answer: its input becomes the output. The same bytes if there is none.
 *
 * `name` is the file's, for messages. Throws `bad-file`.
 */
export function bypassZipMap(bytes: Uint8Array, name: string): Bytes {
  const { graph } = readOnnx(bytes, name);
  const zipped = zippedOf(graph);
  const there = new Set(graph.outputs.map((output) => output.name));
  return joined(
    editedGraph(bytes, name, (field) => {
      if (field.number === graphFields.node)
        return isZipMap(readNode(bytesOf(field, name), name)) ? [] : undefined;
      if (field.number !== graphFields.output) return undefined;
      const input = zipped.get(readValue(bytesOf(field, name), name).name);
      if (input === undefined) return undefined;
      return there.has(input) ? [] : lengthed(graphFields.output, lengthed(1, input));
    }),
  );
}

/** By the name of its output, the input of each ZipMap. */
export function zippedOf({ nodes }: OnnxGraph): ReadonlyMap<string, string> {
  return new Map(nodes.filter(isZipMap).map(({ inputs, outputs }) => [outputs[0] ?? '', inputs[0] ?? '']));
}

export function isZipMap({ op, domain }: OnnxNode): boolean {
  return op === 'ZipMap' && domain === 'ai.onnx.ml';
}

/** What becomes of a field: other parts, none of them, or undefined: it stays. */
type Edit = (field: Field) => Parts | undefined;

function editedGraph(bytes: Uint8Array, place: string, edit: Edit): Parts {
  return edited(bytes, place, (field) =>
    field.number === GRAPH ? lengthed(GRAPH, edited(bytesOf(field, place), place, edit)) : undefined,
  );
}

function edited(bytes: Uint8Array, place: string, edit: Edit): Parts {
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const field of fieldsOf(bytes, place)) {
    const others = edit(field);
    if (!others) continue;
    parts.push(bytes.subarray(kept, field.start), ...others);
    kept = field.end;
  }
  return [...parts, bytes.subarray(kept)];
}
