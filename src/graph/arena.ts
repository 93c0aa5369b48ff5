import type { Instruction } from '../ops/operator.js';
import { bytesOf, type Tensor } from '../ops/tensor.js';
import { operands } from './plan.js';
import { isSource, memoryOf } from './schedule.js';

/** Buffers start on cache lines; the slack lets whole vectors be read at the end of any of them. */
export const ALIGNMENT = 64;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

interface Lifetime {
  tensor: Tensor;
  bytes: number;
  /** Indices of the first and last instruction that touch it. */
  first: number;
  last: number;
}

/**
 * Places for the intermediate tensors of a plan, from address `base`: two share memory only if no instruction needs both
 * at once. Greedy by size (largest first, lowest address that is free during its life), which is within a few per cent
 * of the best for plans of training steps.
 */
export function placeIntermediates(
  instructions: readonly Instruction[],
  base: number,
): { places: Map<Tensor, number>; end: number } {
  const lives = lifetimes(instructions).sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  const placed: (Lifetime & { start: number })[] = [];
  for (const life of lives) {
    const others = placed
      .filter((p) => p.first <= life.last && life.first <= p.last)
      .sort((a, b) => a.start - b.start);
    let start = base;
    for (const other of others) {
      if (start + life.bytes <= other.start) break;
      start = Math.max(start, other.start + other.bytes);
    }
    placed.push({ ...life, start });
  }
  return {
    places: new Map(placed.map((p) => [p.tensor, p.start])),
    end: placed.reduce((end, p) => Math.max(end, p.start + p.bytes), base),
  };
}

function lifetimes(instructions: readonly Instruction[]): Lifetime[] {
  const lives = new Map<Tensor, Lifetime>();
  instructions.forEach((instruction, i) => {
    for (const [, operand] of operands(instruction)) {
      const tensor = memoryOf(operand);
      if (isSource(tensor)) continue;
      const life = lives.get(tensor);
      if (life) life.last = i;
      else lives.set(tensor, { tensor, bytes: aligned(bytesOf(tensor)), first: i, last: i });
    }
  });
  return [...lives.values()];
}
