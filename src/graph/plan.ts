import type { Instruction } from '../ops/operator.js';
import { bytesOf, type Tensor } from '../ops/tensor.js';
import * as Layout from '../runtime/layout.js';
import { memoryOf } from './schedule.js';

/** Instructions with a barrier wherever a dependency may cross threads. */
export interface Plan {
  readonly instructions: readonly PlannedInstruction[];
}

export interface PlannedInstruction extends Instruction {
  readonly barrier: boolean;
}

/** Where tensors lie: byte addresses. */
export type Places = ReadonlyMap<Tensor, number>;

interface Access {
  start: number;
  end: number;
  write: boolean;
  /** Which tiles touch which part, as text; undefined where any tile may touch anything. */
  share: string | undefined;
}

/** Puts a barrier before each instruction that touches what another thread may have touched since the last one. */
export function withBarriers(instructions: readonly Instruction[], places: Places): Plan {
  let since: Access[] = [];
  const planned = instructions.map((instruction) => {
    const own = accesses(instruction, places);
    const barrier = own.some((a) => since.some((b) => clash(a, b)));
    since = barrier ? own : [...since, ...own];
    return { ...instruction, barrier };
  });
  return { instructions: planned };
}

export function accesses(instruction: Instruction, places: Places): Access[] {
  return operands(instruction).map(([field, tensor]) => {
    const start = places.get(memoryOf(tensor))!;
    const share = instruction.local?.includes(field) ? `${instruction.tiles}` : undefined;
    return { start, end: start + bytesOf(tensor), write: instruction.writes.includes(field), share };
  });
}

export function operands(instruction: Instruction): [string, Tensor][] {
  return Object.entries(instruction.fields).filter(
    (entry): entry is [string, Tensor] => typeof entry[1] === 'object',
  );
}

function clash(a: Access, b: Access): boolean {
  if (!(a.write || b.write) || a.start >= b.end || b.start >= a.end) return false;
  const sameShares = a.share !== undefined && a.share === b.share && a.start === b.start && a.end === b.end;
  return !sameShares;
}

const FIELDS: Record<Exclude<keyof typeof Layout.Opcode, 'end'>, object> = {
  matmul: Layout.MatmulField,
  binary: Layout.BinaryField,
  unary: Layout.UnaryField,
  reduce: Layout.ReduceField,
  copy: Layout.CopyField,
  softmax: Layout.SoftmaxField,
  kdLoss: Layout.KdLossField,
  oneHot: Layout.OneHotField,
  dropout: Layout.DropoutField,
  gather: Layout.GatherField,
  gatherImages: Layout.GatherImagesField,
  shiftedIndex: Layout.ShiftedIndexField,
  random: Layout.RandomField,
  permutation: Layout.PermutationField,
  stepRead: Layout.StepReadField,
  stepWrite: Layout.StepWriteField,
  sgd: Layout.SgdField,
  adam: Layout.AdamField,
  maxNorm: Layout.MaxNormField,
};

/** Fields that hold a float; all others hold whole numbers or addresses. */
const FLOATS = new Set([
  'value',
  'temperature',
  'alpha',
  'beta',
  'scale',
  'momentum',
  'decay',
  'beta1',
  'beta2',
  'epsilon',
  'limit',
]);

/** The plan as the words that the interpreter reads (Layout). */
export function encode(plan: Plan, places: Places): Int32Array {
  const words: number[] = [];
  for (const instruction of plan.instructions) words.push(...encodeInstruction(instruction, places));
  words.push(Layout.Opcode.end, Layout.Header.size, 0, 1);
  return Int32Array.from(words);
}

function encodeInstruction(instruction: PlannedInstruction, places: Places): number[] {
  const fields = FIELDS[instruction.opcode as keyof typeof FIELDS] as Record<string, number | string>;
  const names = Object.keys(fields).filter((name) => Number.isNaN(Number(name)));
  const words = [
    Layout.Opcode[instruction.opcode],
    Layout.Header.size + names.length,
    instruction.tiles,
    Number(instruction.barrier),
  ];
  for (const name of names) words[fields[name] as number] = word(name, instruction.fields[name], places);
  return words;
}

const bits = new DataView(new ArrayBuffer(4));

function word(name: string, value: number | Tensor | undefined, places: Places): number {
  if (value === undefined) return 0;
  if (typeof value === 'object') return places.get(memoryOf(value))!;
  if (!FLOATS.has(name)) return value | 0;
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

/** The plan as readable text, an instruction a line: what snapshot tests hold. `=` marks a barrier before it. */
export function planText(plan: Plan): string {
  const names = new Map<Tensor, string>();
  const nameOf = (tensor: Tensor): string => {
    const memory = memoryOf(tensor);
    if (memory.name !== undefined) return memory.name;
    if (memory.op === 'fill') return `fill(${memory.attributes.value})`;
    if (!names.has(memory)) names.set(memory, `%${names.size}`);
    return names.get(memory)!;
  };
  const field = ([name, value]: [string, number | Tensor | undefined]): string[] => {
    if (value === undefined || (value === 0 && !FLOATS.has(name))) return [];
    return [typeof value === 'object' ? `${name}=${nameOf(value)}[${value.shape}]` : `${name}=${value}`];
  };
  return plan.instructions
    .map(
      (i) =>
        `${i.barrier ? '=' : ' '} ${i.opcode} ${Object.entries(i.fields).flatMap(field).join(' ')} | ${i.tiles} tiles`,
    )
    .join('\n');
}
