import { type CompiledEffect, type CompiledNode, memoryOf } from '../../compiler/node.js';
import type { Variable } from '../../graph/tensor.js';
import { updatesAlone } from './arenas.js';
import { alignedTo, type Place } from './buffers.js';
import type { Kernel } from './kernel.js';
import { scratch } from './lower/lowering.js';

/** Effects of one kind that one dispatch carries out, over targets that lie side by side. */
export interface Group {
  readonly members: readonly CompiledEffect[];
  /** As the effects of a single one, over whole ranges: what is read first, and what is written. */
  readonly value: CompiledNode | undefined;
  readonly targets: readonly CompiledNode[];
}

/** Where in the memory of another node this one lies. */
export interface Host {
  readonly node: CompiledNode;
  readonly offset: number;
}

export interface Grouped {
  readonly groups: readonly Group[];
  /** Values that are computed beside each other, as their targets lie. */
  readonly hosts: ReadonlyMap<CompiledNode, Host>;
  /** Ranges over several variables. */
  readonly ranges: ReadonlyMap<CompiledNode, Place>;
}

/**
 * The effects of a plan as dispatches, in an order that gives the same: an update joins an earlier one of its kind
 * unless something between them touches what it reads or writes.
 */
export function grouped(
  effects: readonly CompiledEffect[],
  kernels: readonly Kernel[],
  places: ReadonlyMap<CompiledNode, Place>,
): Grouped {
  const hosts = new Map<CompiledNode, Host>();
  const ranges = new Map<CompiledNode, Place>();
  const groups = bunches(effects)
    .flatMap((bunch) => separable(bunch, kernels))
    .flatMap((bunch) => runs(bunch, places))
    .map((members) => joined(members, places, hosts, ranges));
  return { groups, hosts, ranges };
}

/** Effects that are alike but for their first input and targets, and may happen at one time. */
function bunches(effects: readonly CompiledEffect[]): CompiledEffect[][] {
  const result: { key: unknown[]; members: CompiledEffect[] }[] = [];
  const values = new Set<CompiledNode>();
  for (const effect of effects) {
    const value = effect.inputs[0] && memoryOf(effect.inputs[0]);
    const alone = !updatesAlone(effect) || values.has(value!);
    if (value) values.add(value);
    const key = alone ? [effect] : likeness(effect);
    let at = result.length - 1;
    while (
      at >= 0 &&
      !same(result[at]!.key, key) &&
      !result[at]!.members.some((other) => conflict(other, effect))
    )
      at--;
    const found = result[at];
    if (found && same(found.key, key) && !found.members.some((other) => conflict(other, effect)))
      found.members.push(effect);
    else result.push({ key, members: [effect] });
  }
  return result.map(({ members }) => members);
}

function likeness({ effect, inputs }: CompiledEffect): unknown[] {
  return [effect.effect, JSON.stringify(effect.attributes), ...inputs.slice(1).map(memoryOf)];
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function conflict(a: CompiledEffect, b: CompiledEffect): boolean {
  const touches = ({ effect, inputs }: CompiledEffect) =>
    new Set<CompiledNode>([...effect.targets, ...inputs.map(memoryOf)]);
  return (
    a.effect.targets.some((target) => touches(b).has(target)) ||
    b.effect.targets.some((target) => touches(a).has(target))
  );
}

/**
 * A bunch without those effects whose value a kernel reads that writes another one's: a buffer can't be bound for both
 * at once.
 */
function separable(members: readonly CompiledEffect[], kernels: readonly Kernel[]): CompiledEffect[][] {
  if (members.length === 1) return [[...members]];
  const value = ({ inputs }: CompiledEffect) => memoryOf(inputs[0]!);
  const values = new Set(members.map(value));
  const apart = new Set<CompiledNode>();
  for (const { bindings } of kernels) {
    const bound = bindings.filter(({ node }) => values.has(memoryOf(node)) && !apart.has(memoryOf(node)));
    if (new Set(bound.map(({ access }) => access)).size < 2) continue;
    for (const { node, access } of bound) if (access === 'read') apart.add(memoryOf(node));
  }
  const together = members.filter((member) => !apart.has(value(member)));
  const alone = members.filter((member) => apart.has(value(member)));
  return [...(together.length > 0 ? [together] : []), ...alone.map((member) => [member])];
}

/** A bunch in parts whose targets follow one another without a gap, in every role alike. */
function runs(
  members: readonly CompiledEffect[],
  places: ReadonlyMap<CompiledNode, Place>,
): CompiledEffect[][] {
  if (members.length === 1) return [[...members]];
  const place = (effect: CompiledEffect, role: number) =>
    places.get(effect.effect.targets[role] as Variable)!;
  const sorted = [...members].sort(
    (a, b) => place(a, 0).buffer - place(b, 0).buffer || place(a, 0).offset - place(b, 0).offset,
  );
  const result: CompiledEffect[][] = [];
  for (const effect of sorted) {
    const last = result.at(-1)?.at(-1);
    const follows =
      last?.effect.targets.every((_, role) => {
        const [before, now] = [place(last, role), place(effect, role)];
        return before.buffer === now.buffer && before.offset + alignedTo(before.bytes) === now.offset;
      }) ?? false;
    if (follows) result.at(-1)!.push(effect);
    else result.push([effect]);
  }
  return result;
}

function joined(
  members: readonly CompiledEffect[],
  places: ReadonlyMap<CompiledNode, Place>,
  hosts: Map<CompiledNode, Host>,
  ranges: Map<CompiledNode, Place>,
): Group {
  const [first] = members as [CompiledEffect];
  if (members.length === 1) return { members, value: first.inputs[0], targets: first.effect.targets };
  const start = places.get(first.effect.targets[0]!)!.offset;
  const last = places.get(members.at(-1)!.effect.targets[0]!)!;
  const bytes = last.offset + last.bytes - start;
  const range = () => scratch([bytes / 4]);
  const value = range();
  for (const { effect, inputs } of members)
    hosts.set(memoryOf(inputs[0]!), { node: value, offset: places.get(effect.targets[0]!)!.offset - start });
  const targets = first.effect.targets.map((target) => {
    const node = range();
    const { buffer, offset } = places.get(target)!;
    ranges.set(node, { buffer, offset, bytes });
    return node;
  });
  return { members, value, targets };
}
