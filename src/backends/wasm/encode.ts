import type { PlannedInstruction } from './barriers.js';
import { type FieldType, fieldsOf } from './fields.js';
import type { Field } from './instruction.js';
import { Header, Opcode } from './layout.js';
import type { Places } from './places.js';

/** A plan as the words that the interpreter reads (layout.ts). */
export function encode(instructions: readonly PlannedInstruction[], places: Places): Int32Array {
  const words: number[] = [];
  for (const instruction of instructions) words.push(...encodeInstruction(instruction, places));
  words.push(Opcode.end, Header.size, 0, 1);
  return Int32Array.from(words);
}

function encodeInstruction(instruction: PlannedInstruction, places: Places): number[] {
  const fields = fieldsOf(instruction.opcode);
  const words = [
    Opcode[instruction.opcode],
    Header.size + fields.length,
    instruction.tiles,
    Number(instruction.barrier),
  ];
  for (const { name, type, word } of fields) words[word] = encoded(type, instruction.fields[name], places);
  return words;
}

const bits = new DataView(new ArrayBuffer(4));

function encoded(type: FieldType, value: Field, places: Places): number {
  if (value === undefined) return 0;
  if (typeof value === 'object') return places(value) | 0;
  // Unsigned words too: a stream's index, a threshold.
  if (type !== 'float') return value | 0;
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}
