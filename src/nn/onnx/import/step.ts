import type { DistillError } from '../../../errors.js';
import { type NumericArray, toFloat32 } from '../../../formats/numeric-array.js';
import type { OnnxNode } from '../../../formats/onnx/model.js';
import type { Branch } from './branch.js';
import { isImage } from './form.js';

/** A node that is turned into layers, behind the branch that makes its moving input. */
export interface Step {
  readonly node: OnnxNode;
  readonly branch: Branch;
  /** For messages. */
  readonly file: string;
  /** The size of the batch in the file, where that is a number. */
  readonly batch: number | undefined;
  /** The numbers of an input that are in the file; undefined for others and what is left out. */
  numbers(input: number): NumericArray | undefined;
  /** An input's whole numbers, also where they are computed from shapes; NaN is the size of the batch. */
  integers(input: number): readonly number[] | undefined;
  /** The error for what ours can't do; `why` completes "the node Conv "a" …". */
  refused(why: string): DistillError;
}

export type Rule = (step: Step) => Branch;

export interface Floats {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The numbers of an input that must be in the file. @throws DistillError 'bad-file' */
export function weightsOf(step: Step, input: number, rank?: number): Floats {
  const found = optionalOf(step, input);
  if (!found) throw step.refused('takes weights that are computed, or none');
  if (rank !== undefined && found.shape.length !== rank)
    throw step.refused(`has weights of ${found.shape.length} dimensions, where ${rank} are known`);
  return found;
}

/** The same of an input that may be left out. */
export function optionalOf(step: Step, input: number): Floats | undefined {
  const given = (step.node.inputs[input] ?? '') !== '';
  const found = step.numbers(input);
  if (given && !found) throw step.refused('takes weights that are computed');
  return found && { shape: found.shape, data: toFloat32(found) };
}

/** Height and width of the branch's images. @throws DistillError 'bad-file' if they are none */
export function imageSizeOf(step: Step): readonly [number, number] {
  const { form } = step.branch;
  if (!isImage(form)) throw step.refused('takes something else than images of [n, channels, height, width]');
  return [form.axes[0]!, form.axes[1]!];
}
