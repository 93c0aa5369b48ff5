import { DistillError } from '../errors.js';
import type { Effect } from '../ops/effects.js';
import type { Instruction } from '../ops/operator.js';
import { bytesOf, size, type Tensor, type Variable } from '../ops/tensor.js';
import { Control, Limit } from '../runtime/layout.js';
import { aligned, placeIntermediates } from './arena.js';
import { encode, operands, type Plan, planText, withBarriers } from './plan.js';
import { memoryOf, schedule } from './schedule.js';

/** Plans over shared variables, laid out in one memory. Plain data: an engine loads it. */
export interface Program {
  readonly plans: ReadonlyMap<string, Plan & { readonly address: number }>;
  readonly variables: ReadonlyMap<Variable, number>;
  /** What is written once when the program is loaded: plans and constants. */
  readonly image: readonly { readonly address: number; readonly words: Int32Array }[];
  readonly controlAddress: number;
  /** Scratch of thread t lies at scratchAddress + t·scratchBytes. */
  readonly scratchAddress: number;
  readonly scratchBytes: number;
}

/** wasm32 addresses 4 GiB. */
const MOST_BYTES = 65536 * 65536;

/** Bytes of memory that the program needs with this many threads. */
export function memoryBytes(program: Program, threads: number): number {
  return program.scratchAddress + threads * program.scratchBytes;
}

/**
 * Compiles named plans, each a list of effects, to a program: fused, scheduled, every buffer placed. Intermediate tensors
 * of different plans share memory; variables have places of their own.
 */
export function compile(effectsByPlan: Readonly<Record<string, readonly Effect[]>>): Program {
  const scheduled = Object.entries(effectsByPlan).map(([name, effects]) => ({
    name,
    instructions: schedule(effects),
  }));
  const all = scheduled.flatMap(({ instructions }) => instructions);
  const controlAddress = Limit.arena;
  let end = aligned(controlAddress + Control.words * 4);
  const place = (bytes: number): number => {
    const address = end;
    end = aligned(end + bytes);
    if (end > MOST_BYTES) throw tooLarge(end);
    return address;
  };
  const sources = placeSources(all, place);
  const base = end;
  const placed = scheduled.map(({ instructions }) => placeIntermediates(instructions, base));
  end = placed.reduce((most, p) => Math.max(most, p.end), base);
  const image = [...sources.constants];
  const plans = scheduled.map(({ name, instructions }, i) => {
    const places = new Map([...sources.places, ...placed[i]!.places]);
    const plan = withBarriers(instructions, places);
    const words = encode(plan, places);
    const address = place(words.byteLength);
    image.push({ address, words });
    return [name, { ...plan, address }] as const;
  });
  if (end > MOST_BYTES) throw tooLarge(end);
  return {
    plans: new Map(plans),
    variables: sources.variables,
    image,
    controlAddress,
    scratchAddress: aligned(end),
    scratchBytes: aligned(all.reduce((most, { scratch = 0 }) => Math.max(most, scratch), 0)),
  };
}

function tooLarge(bytes: number): DistillError {
  return new DistillError(
    'memory',
    `this model and data need more than ${Math.floor(bytes / 2 ** 20)} MiB, over the 4096 MiB that wasm32 can address: use a smaller model, batch or data set`,
  );
}

/** Variables and constants get places of their own, in the order in which instructions meet them. */
function placeSources(instructions: readonly Instruction[], place: (bytes: number) => number) {
  const places = new Map<Tensor, number>();
  const variables = new Map<Variable, number>();
  const constants: { address: number; words: Int32Array }[] = [];
  for (const [, operand] of instructions.flatMap(operands)) {
    const tensor = memoryOf(operand);
    if (places.has(tensor)) continue;
    if (tensor.op === 'variable') {
      places.set(tensor, place(bytesOf(tensor)));
      variables.set(tensor as Variable, places.get(tensor)!);
    }
    if (tensor.op === 'fill') {
      places.set(tensor, place(bytesOf(tensor)));
      const words = new Int32Array(
        new Float32Array(size(tensor.shape)).fill(tensor.attributes.value as number).buffer,
      );
      constants.push({ address: places.get(tensor)!, words });
    }
  }
  return { places, variables, constants };
}

/** All plans as text. */
export function programText(program: Program): string {
  return [...program.plans].map(([name, plan]) => `${name}:\n${planText(plan)}`).join('\n\n');
}
