import type { EffectName, OpName } from '../graph/names.js';
import type { Shape } from '../graph/shape.js';
import type { Plans, Variable } from '../graph/tensor.js';
import type { Engine, Values } from './backend.js';

/** What one operator, effect or plan made of its inputs in both backends. */
export interface Compared {
  plan: string;
  /** 'plan': all of it, as the GPU runs it, its operators fused. */
  operator: OpName | EffectName | 'plan';
  /** The variable that was written, where an effect or a plan writes several. */
  target?: string;
  /** The shapes of what it is computed from. */
  inputs: readonly Shape[];
  shape: Shape;
  /**
   * The greatest difference from wasm, as a share of what the tolerance is of: 0 if all bits are equal, Infinity where
   * only one of both is a finite number.
   */
  worst: number;
  tolerance: number;
  /** What both are shares of: each number itself, the largest of the tensor, or the sum of magnitudes it is made from. */
  of: 'each' | 'largest' | 'magnitudes';
  ok: boolean;
}

/** How far a GPU is from wasm. */
export interface Comparison {
  /** What the GPU's adapter calls itself. */
  adapter: string;
  ok: boolean;
  /** Every operator by itself, on what wasm computed before it. */
  operators: readonly Compared[];
  /** What whole plans leave in their variables. */
  plans: readonly Compared[];
  /** The first that leaves its tolerance; a whole plan only where all of its operators hold theirs. */
  first?: Compared;
}

export interface CompareOptions {
  /** Values that variables have at the beginning; others are drawn, or come from plans that read no variable. */
  values?: ReadonlyMap<Variable, Values>;
  /** Of random numbers, and of the values that are drawn (default 1). */
  seed?: number;
  /** The step that runs (default 0). */
  step?: number;
  signal?: AbortSignal | undefined;
}

/** An engine on a GPU, which knows wasm beside it. */
export interface GpuEngine extends Engine {
  /**
   * Runs a step of each plan here and in wasm, operator by operator on the same inputs, then as a whole, and names the
   * first operator whose result is further from wasm's than its tolerance. It holds all intermediate results.
   * @throws DistillError 'bad-argument' for values that don't fit, or of which NaN comes in wasm, 'memory' for plans too large, 'worker' if the GPU is
   * lost or refuses a kernel.
   */
  compare(plans: Plans, options?: CompareOptions): Promise<Comparison>;
}
