import type { OnnxNode } from './model.js';
import { nameOf } from './order.js';
import { badOnnx } from './wire.js';

/** The numbers, texts and lists of a node's attributes; `file` is for messages. */

export function intOf(node: OnnxNode, name: string, absent: number, file: string): number {
  const attribute = node.attributes[name];
  if (attribute === undefined) return absent;
  if (!('int' in attribute) || !Number.isSafeInteger(attribute.int))
    throw badAttribute(node, name, 'a whole number', file);
  return attribute.int;
}

export function floatOf(node: OnnxNode, name: string, absent: number, file: string): number {
  const attribute = node.attributes[name];
  if (attribute === undefined) return absent;
  if (!('float' in attribute)) throw badAttribute(node, name, 'a number', file);
  return attribute.float;
}

export function textOf(node: OnnxNode, name: string, absent: string, file: string): string {
  const attribute = node.attributes[name];
  if (attribute === undefined) return absent;
  if (!('string' in attribute)) throw badAttribute(node, name, 'a text', file);
  return attribute.string;
}

/** undefined if it is absent. */
export function intsOf(node: OnnxNode, name: string, file: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  if (attribute === undefined) return undefined;
  if (!('ints' in attribute) || !attribute.ints.every(Number.isSafeInteger))
    throw badAttribute(node, name, 'a list of whole numbers', file);
  return attribute.ints;
}

function badAttribute(node: OnnxNode, name: string, what: string, file: string) {
  return badOnnx(file, `is damaged: ${name} of the node ${nameOf(node)} must be ${what}`);
}
