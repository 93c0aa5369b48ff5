import { bytesOf } from '../../graph/shape.js';
import { type Instruction, operandsOf } from './instruction.js';
import type { Places } from './places.js';

/** An instruction of a finished plan. */
export interface PlannedInstruction extends Instruction {
  /** All threads meet before it. */
  readonly barrier: boolean;
}

export interface Access {
  readonly start: number;
  readonly end: number;
  readonly write: boolean;
  /** Which tiles touch which part, as text; undefined if any tile may touch anything. */
  readonly share: string | undefined;
}

/** Puts a barrier before each instruction that touches what another thread may have touched since the last one. */
export function withBarriers(instructions: readonly Instruction[], places: Places): PlannedInstruction[] {
  let since: Access[] = [];
  return instructions.map((instruction) => {
    const own = accessesOf(instruction, places);
    const barrier = own.some((a) => since.some((b) => clash(a, b)));
    since = barrier ? own : [...since, ...own];
    return { ...instruction, barrier };
  });
}

/** The memory that an instruction touches. */
export function accessesOf(instruction: Instruction, places: Places): Access[] {
  return operandsOf(instruction).map(([field, node]) => {
    const start = places(node);
    const share = instruction.local?.includes(field) ? `${instruction.tiles}` : undefined;
    return { start, end: start + bytesOf(node), write: instruction.writes.includes(field), share };
  });
}

function clash(a: Access, b: Access): boolean {
  if (!(a.write || b.write) || a.start >= b.end || b.start >= a.end) return false;
  const sameShares = a.share !== undefined && a.share === b.share && a.start === b.start && a.end === b.end;
  return !sameShares;
}
