import { topological } from '../graph/topology.js';
import { type CompiledEffect, type CompiledNode, isSource, memoryOf, type Part } from './node.js';

/** The outputs of a node that produces several, by index; undefined for one that nobody reads. */
export type Parts = readonly (Part | undefined)[];

/** One unit of work: compute a node, with its parts if it produces several, or carry out an effect. */
export type Unit =
  | { readonly kind: 'node'; readonly node: CompiledNode; readonly parts: Parts }
  | { readonly kind: 'effect'; readonly effect: CompiledEffect };

export interface Ordered {
  readonly units: readonly Unit[];
  /** Nodes computed in the memory of the variable they are assigned to. */
  readonly inPlace: ReadonlyMap<CompiledNode, CompiledNode>;
}

/**
 * What a plan does, in order. Reads of per-step arrays come first; every effect comes as soon as its inputs are ready
 * and nothing still needs its targets' old values, so that gradients live briefly. Linear in the size of the graph.
 */
export function ordered(effects: readonly CompiledEffect[]): Ordered {
  const nodes = computed(effects);
  const readers = readersOf(nodes);
  const inPlace = assignedInPlace(effects, readers);
  const parts = partsAmong(nodes);
  const pending = new Pending(effects, readers);
  const units: Unit[] = [];
  const carryOut = (ready: readonly number[]) => {
    for (const i of ready) {
      const effect = effects[i]!;
      const free =
        effect.effect.effect === 'assign' &&
        inPlace.get(memoryOf(effect.inputs[0]!)) === effect.effect.targets[0];
      if (!free) units.push({ kind: 'effect', effect });
    }
  };
  carryOut(pending.ready());
  for (const node of nodes) {
    // Reshapes and parts are ready when their input is.
    if (node.op !== 'reshape' && node.op !== 'part')
      units.push({ kind: 'node', node, parts: parts.get(node) ?? [] });
    pending.done(node);
    carryOut(pending.ready());
  }
  return { units, inPlace };
}

/** Nodes that are computed, inputs before what uses them. */
function computed(effects: readonly CompiledEffect[]): CompiledNode[] {
  const nodes = topological(effects.flatMap(({ inputs }) => inputs)).filter((node) => !isSource(node));
  const first = nodes.filter((node) => node.op === 'stepRead');
  return [...first, ...nodes.filter((node) => node.op !== 'stepRead')];
}

/** For each node that produces several tensors, the nodes that stand for them. */
function partsAmong(nodes: readonly CompiledNode[]): Map<CompiledNode, Part[]> {
  const parts = new Map<CompiledNode, Part[]>();
  for (const node of nodes) {
    if (node.op !== 'part') continue;
    const [whole] = node.inputs as [CompiledNode];
    const known = parts.get(whole) ?? [];
    known[(node as Part).attributes.index] = node as Part;
    parts.set(whole, known);
  }
  return parts;
}

/** For each buffer, the nodes that read it. */
function readersOf(nodes: readonly CompiledNode[]): Map<CompiledNode, Set<CompiledNode>> {
  const readers = new Map<CompiledNode, Set<CompiledNode>>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const memory = memoryOf(input);
      const known = readers.get(memory);
      if (known) known.add(node);
      else readers.set(memory, new Set([node]));
    }
  }
  return readers;
}

/**
 * Assignments that need no copy: a value assigned to a variable that nothing else in this plan reads or writes is
 * computed in the variable's own memory.
 */
function assignedInPlace(
  effects: readonly CompiledEffect[],
  readers: ReadonlyMap<CompiledNode, unknown>,
): Map<CompiledNode, CompiledNode> {
  const touches = new Map<CompiledNode, number>();
  for (const { effect, inputs } of effects)
    for (const memory of new Set([...effect.targets, ...inputs.map(memoryOf)]))
      touches.set(memory, (touches.get(memory) ?? 0) + 1);
  const result = new Map<CompiledNode, CompiledNode>();
  for (const { effect, inputs } of effects) {
    if (effect.effect !== 'assign') continue;
    const [target] = effect.targets as [CompiledNode];
    const value = memoryOf(inputs[0]!);
    const alone = touches.get(target) === 1 && !readers.has(target);
    if (alone && !isSource(value) && !result.has(value)) result.set(value, target);
  }
  return result;
}

/** Pending effects: each waits for nodes to be computed and for effects listed before it. */
class Pending {
  readonly #waitsFor: number[];
  readonly #waitingForNode = new Map<CompiledNode, number[]>();
  readonly #waitingForEffect: number[][];
  #ready: number[] = [];

  constructor(effects: readonly CompiledEffect[], readers: ReadonlyMap<CompiledNode, Set<CompiledNode>>) {
    this.#waitsFor = effects.map(() => 0);
    this.#waitingForEffect = effects.map(() => []);
    const last = new Map<CompiledNode, { writer: number | undefined; readers: number[] }>();
    effects.forEach(({ effect, inputs }, i) => {
      const nodes = new Set(inputs.filter((input) => !isSource(memoryOf(input))));
      for (const target of effect.targets) for (const reader of readers.get(target) ?? []) nodes.add(reader);
      for (const node of nodes) {
        this.#waitsFor[i]!++;
        const waiting = this.#waitingForNode.get(node);
        if (waiting) waiting.push(i);
        else this.#waitingForNode.set(node, [i]);
      }
      for (const before of conflicts(i, effect.targets, inputs.map(memoryOf), last)) {
        this.#waitsFor[i]!++;
        this.#waitingForEffect[before]!.push(i);
      }
      if (this.#waitsFor[i] === 0) this.#ready.push(i);
    });
  }

  done(node: CompiledNode): void {
    this.#release(this.#waitingForNode.get(node) ?? []);
  }

  /** The effects that are now ready, in the order listed, including those that waited only for one of them. */
  ready(): number[] {
    const result: number[] = [];
    while (this.#ready.length > 0) {
      const next = Math.min(...this.#ready);
      this.#ready = this.#ready.filter((i) => i !== next);
      result.push(next);
      this.#release(this.#waitingForEffect[next]!);
    }
    return result;
  }

  #release(effects: readonly number[]): void {
    for (const i of effects) if (--this.#waitsFor[i]! === 0) this.#ready.push(i);
  }
}

/**
 * The effects listed earlier that must come first, because one of the two writes what the other reads or writes. `last`
 * records for each variable who wrote it last and who has read it since: waiting for these implies waiting for all
 * before them.
 */
function conflicts(
  i: number,
  targets: readonly CompiledNode[],
  reads: readonly CompiledNode[],
  last: Map<CompiledNode, { writer: number | undefined; readers: number[] }>,
): Set<number> {
  const before = new Set<number>();
  const of = (memory: CompiledNode) => {
    const known = last.get(memory) ?? { writer: undefined, readers: [] };
    last.set(memory, known);
    return known;
  };
  for (const read of reads) {
    const known = of(read);
    if (known.writer !== undefined) before.add(known.writer);
    known.readers.push(i);
  }
  for (const target of targets) {
    const known = of(target);
    if (known.writer !== undefined) before.add(known.writer);
    for (const reader of known.readers) before.add(reader);
    last.set(target, { writer: i, readers: [] });
  }
  before.delete(i);
  return before;
}
