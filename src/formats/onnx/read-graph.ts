import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { inOrder } from './order.js';
import { readTensor } from './read-tensor.js';
import { typeOfCode } from './types.js';
import {
  badOnnx,
  bytesOf,
  type Field,
  fieldsOf,
  floatsOf,
  integerOf,
  signed,
  textOf,
  wordsOf,
} from './wire.js';

/** By field: GraphProto's numbers. */
export const graphFields = { node: 1, name: 2, initializer: 5, input: 11, output: 12, hidden: 13 } as const;

/**
 * Reads a GraphProto, in several parts where a file has it so: a message that comes twice is one with the fields of both.
 * @throws DistillError 'bad-file'; `file` is its name
 */
export function readGraph(parts: readonly Uint8Array[], file: string): OnnxGraph {
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const [inputs, outputs, hidden]: [OnnxValue[], OnnxValue[], OnnxValue[]] = [[], [], []];
  for (const part of parts) {
    for (const field of fieldsOf(part, file)) {
      const content = () => bytesOf(field, file);
      if (field.number === graphFields.node)
        nodes.push(readNode(content(), `${file}, node ${nodes.length},`));
      else if (field.number === graphFields.name) name = textOf(field, file);
      else if (field.number === graphFields.initializer) {
        const tensor = readTensor(content(), file);
        initializers.set(tensor.name, tensor);
      } else if (field.number === graphFields.input) inputs.push(readValue(content(), file));
      else if (field.number === graphFields.output) outputs.push(readValue(content(), file));
      else if (field.number === graphFields.hidden) hidden.push(readValue(content(), file));
    }
  }
  return {
    name,
    nodes: inOrder(nodes, file),
    initializers,
    inputs: inputs.filter((input) => !initializers.has(input.name)),
    outputs: unique(outputs),
    hidden: new Map(hidden.map((value) => [value.name, value])),
  };
}

/** Of outputs that are listed twice, the first. */
function unique(values: readonly OnnxValue[]): OnnxValue[] {
  const seen = new Set<string>();
  return values.filter(({ name }) => !seen.has(name) && seen.add(name));
}

export function readNode(bytes: Uint8Array, place: string): OnnxNode {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes: [string, OnnxAttribute][] = [];
  let [name, op, domain] = ['', '', ''];
  for (const field of fieldsOf(bytes, place)) {
    if (field.number === 1) inputs.push(textOf(field, place));
    else if (field.number === 2) outputs.push(textOf(field, place));
    else if (field.number === 3) name = textOf(field, place);
    else if (field.number === 4) op = textOf(field, place);
    else if (field.number === 5) attributes.push(readAttribute(bytesOf(field, place), place));
    else if (field.number === 7) domain = textOf(field, place);
  }
  if (op === '') throw badOnnx(place, 'has no operator; get it again, or check that it is an ONNX file');
  return {
    ...{ op, domain: domain === 'ai.onnx' ? '' : domain, name, inputs, outputs },
    attributes: Object.fromEntries(attributes),
  };
}

/** AttributeProto.AttributeType; files of IR 1 have none, there the field that is present tells. */
const attributeTypes = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  6: 'floats',
  7: 'ints',
  8: 'strings',
};
const typeOfField: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 3, 5: 4, 7: 6, 8: 7, 9: 8 };

function readAttribute(bytes: Uint8Array, place: string): [string, OnnxAttribute] {
  const fields: Field[] = [...fieldsOf(bytes, place)];
  const nameField = fields.find(({ number }) => number === 1);
  const name = nameField ? textOf(nameField, place) : '';
  const typeField = fields.find(({ number }) => number === 20);
  const code = typeField
    ? integerOf(typeField, place)
    : fields.map(({ number }) => typeOfField[number]).find((type) => type !== undefined);
  const type = attributeTypes[code as keyof typeof attributeTypes] as string | undefined;
  const own = fields.filter(({ number }) => typeOfField[number] === code);
  const last = own.at(-1);
  const at = `${place} attribute ${JSON.stringify(name.slice(0, 80))},`;
  // What is absent is 0 or empty: writers may leave out such values.
  if (type === 'float') return [name, { float: last ? (floatsOf(last, at).at(-1) ?? 0) : 0 }];
  if (type === 'int') return [name, { int: last ? integerOf(last, at) : 0 }];
  if (type === 'string') return [name, { string: last ? textOf(last, at) : '' }];
  if (type === 'tensor' && last) return [name, { tensor: readTensor(bytesOf(last, at), at) }];
  if (type === 'floats') return [name, { floats: own.flatMap((field) => floatsOf(field, at)) }];
  if (type === 'ints') return [name, { ints: own.flatMap((field) => [...wordsOf(field, at)].map(signed)) }];
  if (type === 'strings') return [name, { strings: own.map((field) => textOf(field, at)) }];
  return [name, { opaque: bytes }];
}

/** Reads a ValueInfoProto. */
export function readValue(bytes: Uint8Array, place: string): OnnxValue {
  let value: OnnxValue = { name: '', type: undefined, shape: undefined };
  for (const field of fieldsOf(bytes, place)) {
    if (field.number === 1) value = { ...value, name: textOf(field, place) };
    if (field.number === 2) value = { ...value, ...typeAndShape(bytesOf(field, place), place) };
  }
  return value;
}

/** Of a TypeProto: of the kinds that there are only tensors have a type of elements, and a shape. */
function typeAndShape(bytes: Uint8Array, place: string): Pick<OnnxValue, 'type' | 'shape'> {
  let [type, shape]: [OnnxValue['type'], OnnxValue['shape']] = [undefined, undefined];
  for (const kind of fieldsOf(bytes, place)) {
    if (kind.number !== 1) continue;
    for (const field of fieldsOf(bytesOf(kind, place), place)) {
      if (field.number === 1) type = typeOfCode(integerOf(field, place));
      if (field.number === 2)
        shape = [...fieldsOf(bytesOf(field, place), place)]
          .filter(({ number }) => number === 1)
          .map((dimension) => sizeOf(bytesOf(dimension, place), place));
    }
  }
  return { type, shape };
}

/** Of a dimension; old converters write an unknown one as 0, −1 or 2^32 − 1. */
function sizeOf(bytes: Uint8Array, place: string): number | string | undefined {
  let size: number | string | undefined;
  for (const field of fieldsOf(bytes, place)) {
    if (field.number === 1) size = integerOf(field, place);
    if (field.number === 2) size = textOf(field, place);
  }
  const isUnknown = size === '' || (typeof size === 'number' && (size < 1 || size >= 2 ** 32 - 1));
  return isUnknown ? undefined : size;
}
