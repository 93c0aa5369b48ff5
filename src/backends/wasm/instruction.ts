import type { CompiledNode } from '../../compiler/node.js';
import type { Opcode } from './layout.js';

export type InstructionName = Exclude<keyof typeof Opcode, 'end'>;

/** What a field holds before its operand has an address: a number, or a node that stands for its memory. */
export type Field = number | CompiledNode | undefined;

/** An instruction before its operands have addresses. */
export interface Instruction {
  readonly opcode: InstructionName;
  readonly tiles: number;
  readonly fields: Readonly<Record<string, Field>>;
  /** Names of the fields that are written; every other operand is read. */
  readonly writes: readonly string[];
  /**
   * Names of the operands of which a tile touches only its own part: equal shares of the operand, in tile order. Two
   * such instructions over one buffer need no barrier between them.
   */
  readonly local?: readonly string[];
  /** Bytes of scratch memory that each thread needs. */
  readonly scratch?: number;
}

/** The fields that are operands, with their nodes. */
export function operandsOf({ fields }: Instruction): [string, CompiledNode][] {
  return Object.entries(fields).filter(
    (entry): entry is [string, CompiledNode] => typeof entry[1] === 'object',
  );
}
