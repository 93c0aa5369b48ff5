import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import type { AttributesOf, BinaryKind, UnaryKind } from '../../../graph/names.js';
import { sameShape, size } from '../../../graph/shape.js';
import { ChainSlot } from '../layout.js';
import { filled } from './elementary.js';
import type { ChainAttributes, ChainStep, FusedNode } from './nodes.js';

export const MOST_OPERANDS: number = ChainSlot.result;
/** However long their results are needed, there are temporaries for them; the last step's is the chain's. */
export const MOST_STEPS: number = ChainSlot.count - ChainSlot.temporaries + 1;

/** A value while its number isn't known: an operand, or what a step computes. */
type Value = Operand | Step;

interface Operand {
  readonly node: CompiledNode;
  readonly kind: ChainAttributes['operands'][number];
}

interface Step {
  kind: ChainStep['kind'];
  readonly value: number;
  from: Value[];
}

/** Makes a chain's node of its operators. */
export class ChainBuilder {
  readonly #steps = new Map<CompiledNode, Step>();
  readonly #operands = new Map<CompiledNode | string, Operand>();
  #period = 0;

  /** `recomputed` are operators of other chains that this one reads. */
  constructor(members: readonly CompiledNode[], recomputed: readonly CompiledNode[]) {
    for (const node of [...recomputed, ...members]) {
      const { kind, value = 0 } = node.attributes as { kind: UnaryKind | BinaryKind; value?: number };
      this.#steps.set(node, { kind, value, from: node.inputs.map((input) => this.#valueOf(input)) });
    }
  }

  /** The chain that ends with this operator; undefined if it is no more than that. */
  node(end: CompiledNode): FusedNode<'chain'> | undefined {
    const steps = needed(simplified([...this.#steps.values()]), this.#steps.get(end)!);
    const read = new Set(steps.flatMap(({ from }) => from));
    const operands = [...this.#operands.values()].filter((operand) => read.has(operand));
    if (steps.length === 1 && operands.every(({ kind }) => kind === 'stream')) return undefined;
    const numbers = new Map([...operands, ...steps].map((value, i) => [value as Value, i]));
    return {
      op: 'chain',
      inputs: operands.map(({ node }) => node),
      attributes: {
        operands: operands.map(({ kind }) => kind),
        period: operands.some(({ kind }) => kind === 'vector') ? this.#period : 0,
        steps: steps.map(({ kind, value, from }) => ({
          kind,
          value,
          from: from.map((v) => numbers.get(v)!),
        })),
      },
      shape: end.shape,
      dtype: end.dtype,
    };
  }

  #valueOf(input: CompiledNode): Value {
    const node = memoryOf(input);
    return this.#steps.get(node) ?? this.#operand(node);
  }

  #operand(node: CompiledNode): Operand {
    if (node.op === 'fill') {
      const { value } = node.attributes as AttributesOf['fill'];
      // −0 isn't 0.
      const key = Object.is(value, -0) ? '-0' : `${value}`;
      return this.#known(key, () => ({ node: filled(value, []), kind: 'scalar' }));
    }
    const period = periodOf(node);
    const from = memoryOf(period < size(node.shape) ? node.inputs[0]! : node);
    if (period === size(node.shape)) return this.#known(from, () => ({ node: from, kind: 'stream' }));
    if (period === 1) return this.#known(from, () => ({ node: from, kind: 'scalar' }));
    if (this.#period === 0) this.#period = period;
    // A second period would need tiles that are whole multiples of both: such a tensor is repeated in memory.
    if (this.#period !== period) return this.#known(node, () => ({ node, kind: 'stream' }));
    return this.#known(from, () => ({ node: from, kind: 'vector' }));
  }

  #known(key: CompiledNode | string, make: () => Operand): Operand {
    const operand = this.#operands.get(key) ?? make();
    this.#operands.set(key, operand);
    return operand;
  }
}

/** After how many elements a node's values repeat, as far as that is known. */
function periodOf({ op, inputs, shape }: CompiledNode): number {
  if (op !== 'broadcast') return size(shape);
  const own = inputs[0]!.shape;
  const rows = own.slice(own.findIndex((n) => n !== 1));
  const period = size(own);
  return period === 1 || sameShape(rows, shape.slice(shape.length - rows.length)) ? period : size(shape);
}

/**
 * Steps joined where that gives the same bits: a product with the sum that it is for, that with its ReLU, a ReLU with a
 * mask by it.
 */
function simplified(steps: readonly Step[]): readonly Step[] {
  const readers = new Map<Value, number>();
  for (const { from } of steps) for (const value of from) readers.set(value, (readers.get(value) ?? 0) + 1);
  const single = (value: Value | undefined, kind: Step['kind']): value is Step =>
    value !== undefined && 'from' in value && value.kind === kind && readers.get(value) === 1;
  for (const step of steps) {
    const [a, b] = step.from;
    if (step.kind === 'mask' && single(b, 'relu')) step.from = [a!, b.from[0]!];
    if (step.kind === 'mask' && single(b, 'multiplyAddRelu')) b.kind = 'multiplyAdd';
    if (step.kind === 'relu' && single(a, 'multiplyAdd')) {
      step.kind = 'multiplyAddRelu';
      step.from = a.from;
    }
    if (step.kind !== 'add') continue;
    const product = step.from.find((value) => single(value, 'multiply')) as Step | undefined;
    if (!product) continue;
    step.kind = 'multiplyAdd';
    step.from = [...product.from, product === a ? b! : a!];
  }
  return steps;
}

/** The steps that the last one needs. */
function needed(steps: readonly Step[], end: Step): Step[] {
  const wanted = new Set<Value>([end]);
  for (const step of [...steps].reverse())
    if (wanted.has(step)) for (const value of step.from) wanted.add(value);
  return steps.filter((step) => wanted.has(step));
}
