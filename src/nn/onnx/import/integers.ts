import { intsOf } from '../../../formats/onnx/attributes.js';
import type { OnnxNode } from '../../../formats/onnx/model.js';
import { numbersOf } from '../../../formats/onnx/numbers.js';
import type { Flow } from './flow.js';

/** Operators upon operators, and dimensions; more would only be an attack on the stack, or on memory. */
const DEEPEST = 32;
const LONGEST = 64;

/** What integers are computed from. */
export interface Known {
  readonly flow: Flow;
  /** Shapes of tensors, the batch as NaN. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly file: string;
  /** What has been computed. */
  readonly lists: Map<string, readonly number[] | undefined>;
}

/**
 * A list of whole numbers as exporters compute it for Reshape, from constants and shapes: `x.view(x.size(0), -1)` is Shape,
 * Gather, Unsqueeze and Concat. undefined for anything else.
 */
export function integersOf(name: string, known: Known, depth = 0): readonly number[] | undefined {
  if (!known.lists.has(name)) known.lists.set(name, listOf(name, known, depth));
  return known.lists.get(name);
}

function listOf(name: string, known: Known, depth: number): readonly number[] | undefined {
  const { flow, shapes, file } = known;
  const constant = flow.constants.get(name);
  if (
    constant &&
    (constant.type === 'i64' || constant.type === 'i32') &&
    constant.bytes.length <= 8 * LONGEST
  )
    return constant.external
      ? undefined
      : Array.from(numbersOf(constant, file).data as ArrayLike<bigint | number>, Number);
  const node = flow.maker(name);
  if (node?.domain !== '' || depth > DEEPEST) return undefined;
  if (node.op === 'Shape') return shapes.get(node.inputs[0] ?? '');
  const list = computed(node, (input) => integersOf(node.inputs[input] ?? '', known, depth + 1), file);
  return list && list.length <= LONGEST ? list : undefined;
}

function computed(
  node: OnnxNode,
  input: (at: number) => readonly number[] | undefined,
  file: string,
): readonly number[] | undefined {
  const { op, inputs } = node;
  if (['Unsqueeze', 'Squeeze', 'Cast', 'Identity'].includes(op)) return input(0);
  if (op === 'Concat') {
    const lists = inputs.map((_, i) => input(i));
    return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
  }
  const list = input(0);
  if (op === 'Gather') {
    const found = input(1)?.map((at) => list?.[at < 0 ? at + list.length : at]);
    return found?.every((n) => n !== undefined) ? (found as number[]) : undefined;
  }
  if (op !== 'Slice' || !list) return undefined;
  const [starts, ends] = [intsOf(node, 'starts', file) ?? input(1), intsOf(node, 'ends', file) ?? input(2)];
  const steps = input(4) ?? [1];
  return starts?.length === 1 && ends?.length === 1 && steps[0] === 1
    ? list.slice(starts[0], ends[0])
    : undefined;
}
