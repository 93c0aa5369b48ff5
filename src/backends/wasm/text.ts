import { type CompiledNode, memoryOf } from '../../compiler/node.js';
import type { PlannedInstruction } from './barriers.js';
import { fieldsOf } from './fields.js';
import type { Program } from './program.js';

/** All plans as readable text, one instruction a line, for snapshot tests. `=` marks a barrier before it. */
export function programText({ plans }: Program): string {
  return [...plans]
    .map(([name, { instructions, inPlace }]) => `${name}:\n${planText(instructions, inPlace)}`)
    .join('\n\n');
}

function planText(
  instructions: readonly PlannedInstruction[],
  inPlace: ReadonlyMap<CompiledNode, CompiledNode>,
): string {
  const names = new Map<CompiledNode, string>();
  const nameOf = (node: CompiledNode): string => {
    const memory = inPlace.get(memoryOf(node)) ?? memoryOf(node);
    if (memory.name !== undefined) return memory.name;
    if (memory.op === 'constant') return `constant(${(memory.attributes as { values: number[] }).values})`;
    if (memory.op === 'fill') return `fill(${(memory.attributes as { value: number }).value})`;
    if (!names.has(memory)) names.set(memory, `%${names.size}`);
    return names.get(memory)!;
  };
  return instructions
    .map((instruction) => {
      const fields = fieldsOf(instruction.opcode).flatMap(({ name, type }) => {
        const value = instruction.fields[name];
        if (value === undefined || (value === 0 && type !== 'float')) return [];
        return [`${name}=${typeof value === 'object' ? `${nameOf(value)}[${value.shape}]` : value}`];
      });
      return `${instruction.barrier ? '=' : ' '} ${instruction.opcode} ${fields.join(' ')} | ${instruction.tiles} tiles`;
    })
    .join('\n');
}
