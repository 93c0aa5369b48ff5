import { Limit, type Opcode } from '../runtime/layout.js';
import type { OpName } from './index.js';
import type { Attributes, DType, Shape, Tensor } from './tensor.js';

/** An instruction before its operands have addresses: tensors stand for them. */
export interface Instruction {
  opcode: keyof typeof Opcode;
  tiles: number;
  fields: Readonly<Record<string, number | Tensor | undefined>>;
  /** Names of the fields that are written; every other tensor is read. */
  writes: readonly string[];
  /**
   * Names of the operands of which a tile touches only its own part, where parts are equal shares of the operand in the
   * order of tiles. Two such instructions over one buffer need no barrier between them.
   */
  local?: readonly string[];
  /** Bytes of scratch memory that each thread needs. */
  scratch?: number;
}

/** Inputs of one check: shapes, a way to fill them, and attributes. */
export interface Case {
  inputs: readonly CaseInput[];
  attributes?: Attributes;
  /** Largest |error| allowed relative to 1 + |value|; for gradients too. */
  tolerance?: number;
}

export interface CaseInput {
  shape: Shape;
  /** How test data are made: normal numbers unless told. */
  data?: 'normal' | 'positive' | 'probabilities' | { labels: number } | { indices: number } | 'bytes';
  dtype?: DType;
}

/** One operator: everything the layers above need to know of it. */
export interface Operator {
  readonly name: OpName;
  /** Shape and type of the result; throws where the inputs can't be. */
  infer(inputs: readonly Tensor[], attributes: Attributes): { shape: Shape; dtype: DType };
  /**
   * Gradient of each input as graph, given that of the output; undefined where none flows (indices, targets held
   * constant). Absent where the operator can't be differentiated at all.
   */
  gradient?(node: Tensor, upstream: Tensor): readonly (Tensor | undefined)[];
  lower(node: Tensor): Instruction | readonly Instruction[];
  /** The definition in float64: what kernels are tested against. `seed` and `step` serve the random operators. */
  reference(
    inputs: readonly Float64Array[],
    node: Tensor,
    random: { seed: number; step: number },
  ): Float64Array;
  cases: readonly Case[];
}

/** Tiles of an elementwise instruction. */
export function elementTiles(n: number): number {
  return Math.ceil(n / Limit.elements);
}
