import { constantWords } from '../../compiler/constants.js';
import { type CompiledNode, isSource, memoryOf } from '../../compiler/node.js';
import { ordered } from '../../compiler/order.js';
import { aligned, placeIntermediates } from '../../compiler/places.js';
import { rewritten } from '../../compiler/rewrite.js';
import { DistillError } from '../../errors.js';
import { bytesOf } from '../../graph/shape.js';
import type { Effect, Plans, Variable } from '../../graph/tensor.js';
import { type PlannedInstruction, withBarriers } from './barriers.js';
import { encode } from './encode.js';
import { fusions } from './fusions/index.js';
import { type Instruction, operandsOf } from './instruction.js';
import { Control, Limit } from './layout.js';
import { lowered } from './lower/index.js';
import { ALIGNMENT, MOST_BYTES, type Places } from './places.js';

/** A plan whose buffers have places. */
export interface Plan {
  readonly address: number;
  readonly instructions: readonly PlannedInstruction[];
  /** Nodes that are computed in the memory of a variable. */
  readonly inPlace: ReadonlyMap<CompiledNode, CompiledNode>;
}

/** Plans over shared variables, laid out in one memory. Plain data: an engine loads it. */
export interface Program {
  readonly plans: ReadonlyMap<string, Plan>;
  readonly variables: ReadonlyMap<Variable, number>;
  /** Written once when the program is loaded: plans and constants. */
  readonly image: readonly { readonly address: number; readonly words: Int32Array }[];
  readonly controlAddress: number;
  /** Thread t's scratch is at scratchAddress + t·scratchBytes. */
  readonly scratchAddress: number;
  readonly scratchBytes: number;
}

/** Bytes of memory the program needs with this many threads. */
export function memoryBytes(program: Program, threads: number): number {
  return program.scratchAddress + threads * program.scratchBytes;
}

/**
 * Compiles named plans, each a list of effects, to a program: fused, ordered, lowered, every buffer placed.
 * Intermediate tensors of different plans share memory; variables have their own.
 * @throws DistillError 'memory' if it would take more than wasm32 can address.
 */
export function compile(plans: Plans): Program {
  const scheduled = Object.entries(plans).map(([name, effects]) => ({ name, ...schedule(effects) }));
  const all = scheduled.flatMap(({ instructions }) => instructions);
  const memory = new Memory();
  const controlAddress = memory.place(Control.words * 4);
  const sources = placeSources(scheduled, memory);
  const base = memory.end;
  const placed = scheduled.map((plan) => placeIntermediates(touchedBy(plan), base, ALIGNMENT));
  memory.end = placed.reduce((most, { end }) => Math.max(most, end), base);
  const image = [...sources.constants];
  const finished = scheduled.map(({ name, instructions, inPlace }, i) => {
    const places: Places = (node) => {
      const own = inPlace.get(memoryOf(node)) ?? memoryOf(node);
      return (sources.places.get(own) ?? placed[i]!.places.get(own))!;
    };
    const planned = withBarriers(instructions, places);
    const words = encode(planned, places);
    const address = memory.place(words.byteLength);
    image.push({ address, words });
    return [name, { address, instructions: planned, inPlace }] as const;
  });
  return {
    plans: new Map(finished),
    variables: sources.variables,
    image,
    controlAddress,
    scratchAddress: memory.end,
    scratchBytes: aligned(
      all.reduce((most, { scratch = 0 }) => Math.max(most, scratch), 0),
      ALIGNMENT,
    ),
  };
}

interface Scheduled {
  readonly instructions: readonly Instruction[];
  readonly inPlace: ReadonlyMap<CompiledNode, CompiledNode>;
}

/** A plan's instructions in order. */
export function schedule(effects: readonly Effect[]): Scheduled {
  const { units, inPlace } = ordered(rewritten(effects, fusions));
  return { instructions: lowered(units), inPlace };
}

/** For each instruction, the intermediate buffers that it reads or writes. */
function touchedBy({ instructions, inPlace }: Scheduled): CompiledNode[][] {
  return instructions.map((instruction) =>
    operandsOf(instruction)
      .map(([, node]) => memoryOf(node))
      .filter((memory) => !isSource(memory) && !inPlace.has(memory)),
  );
}

/** Hands out addresses sequentially. */
class Memory {
  #end = aligned(Limit.arena, ALIGNMENT);

  get end(): number {
    return this.#end;
  }

  set end(bytes: number) {
    if (bytes > MOST_BYTES) {
      throw new DistillError(
        'memory',
        `this model and data need more than ${Math.floor(bytes / 2 ** 20)} MiB, over the 4096 MiB that wasm32 can address: use a smaller model, batch or data set`,
      );
    }
    this.#end = bytes;
  }

  place(bytes: number): number {
    const address = this.#end;
    this.end = aligned(address + bytes, ALIGNMENT);
    return address;
  }
}

/** Gives variables and constants their own places, in the order in which instructions first use them. */
function placeSources(plans: readonly Scheduled[], memory: Memory) {
  const places = new Map<CompiledNode, number>();
  const variables = new Map<Variable, number>();
  const constants: { address: number; words: Int32Array }[] = [];
  for (const { instructions, inPlace } of plans) {
    for (const [, operand] of instructions.flatMap(operandsOf)) {
      const source = inPlace.get(memoryOf(operand)) ?? memoryOf(operand);
      if (!isSource(source) || places.has(source)) continue;
      const address = memory.place(bytesOf(source));
      places.set(source, address);
      if (source.op === 'variable') {
        variables.set(source as Variable, address);
      } else {
        constants.push({ address, words: constantWords(source) });
      }
    }
  }
  return { places, variables, constants };
}
