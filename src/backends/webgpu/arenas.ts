import { type CompiledEffect, isSource, memoryOf } from '../../compiler/node.js';
import { bytesOf } from '../../graph/shape.js';
import type { Variable } from '../../graph/tensor.js';
import { alignedTo, type Buffers, inVectors, type Place } from './buffers.js';

/** Variables that one kind of update writes: the first targets of all lie in one buffer, the second in another … */
interface Arena {
  readonly roles: number;
  readonly members: { readonly targets: readonly Variable[]; readonly offset: number }[];
  bytes: number;
}

/**
 * Places for variables. Those that updates of one kind write lie side by side, at the same distances in each role
 * (weights, velocities), so that one dispatch updates all of them; all others have buffers of their own.
 */
export function placeVariables(
  effects: readonly CompiledEffect[],
  variables: Iterable<Variable>,
  buffers: Buffers,
  most: number,
): Map<Variable, Place> {
  const places = new Map<Variable, Place>();
  for (const { roles, members, bytes } of arenasOf(effects, most)) {
    for (let role = 0; role < roles; role++) {
      const { buffer } = buffers.add(bytes);
      for (const { targets, offset } of members)
        places.set(targets[role]!, { buffer, offset, bytes: placedBytes(targets[role]!) });
    }
  }
  for (const variable of variables)
    if (!places.has(variable)) places.set(variable, buffers.add(bytesOf(variable)));
  return places;
}

function arenasOf(effects: readonly CompiledEffect[], most: number): Arena[] {
  const all: Arena[] = [];
  const open = new Map<string, Arena>();
  const placed = new Set<Variable>();
  for (const update of effects) {
    const { effect, targets } = update.effect;
    if (!updatesAlone(update) || targets.some((target) => placed.has(target))) continue;
    const bytes = placedBytes(targets[0]!);
    let arena = open.get(effect);
    if (!arena || arena.bytes + bytes > most) {
      arena = { roles: targets.length, members: [], bytes: 0 };
      open.set(effect, arena);
      all.push(arena);
    }
    arena.members.push({ targets, offset: arena.bytes });
    arena.bytes += alignedTo(bytes);
    for (const target of targets) placed.add(target);
  }
  return all;
}

/** Whether an effect may be one of several in a dispatch: element by element, from a value that the plan computes. */
export function updatesAlone({ effect, inputs }: CompiledEffect): boolean {
  const { effect: kind, targets } = effect;
  return (
    (kind === 'sgd' || kind === 'adam' || kind === 'assign') &&
    targets.every(({ dtype }) => dtype === 'f32') &&
    new Set(targets).size === targets.length &&
    !isSource(memoryOf(inputs[0]!))
  );
}

const placedBytes = (variable: Variable): number => inVectors(bytesOf(variable));
