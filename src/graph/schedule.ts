import type { Effect } from '../ops/effects.js';
import { operators } from '../ops/index.js';
import { kdInstruction } from '../ops/kd-loss.js';
import type { Instruction } from '../ops/operator.js';
import type { Tensor } from '../ops/tensor.js';
import { fuse, type Rewritten } from './fuse.js';
import { topological } from './topology.js';

/**
 * The instructions of a plan in order. Reads of per-step arrays come first; every effect comes as soon as its inputs are
 * there and nothing reads its targets' old values any more, so that gradients live briefly.
 */
export function schedule(effects: readonly Effect[]): Instruction[] {
  const rewritten = fuse(effects);
  const nodes = computed(rewritten);
  const readers = new Map<Tensor, Set<Tensor>>();
  for (const node of nodes) {
    for (const input of node.inputs)
      readers.set(memoryOf(input), (readers.get(memoryOf(input)) ?? new Set()).add(node));
  }
  const inPlace = writtenInPlace(rewritten, readers);
  const done = new Set<Tensor>();
  const pending = [...rewritten];
  const instructions: Instruction[] = [];
  const ready = (item: Rewritten, before: readonly Rewritten[]): boolean =>
    item.inputs.every((input) => done.has(input) || isSource(memoryOf(input))) &&
    item.effect.targets.every((target) => [...(readers.get(target) ?? [])].every((node) => done.has(node))) &&
    !before.some((other) => conflict(other, item));
  const takeReady = () => {
    for (let i = 0; i < pending.length; ) {
      if (ready(pending[i]!, pending.slice(0, i))) {
        const [{ effect, inputs }] = pending.splice(i, 1) as [Rewritten];
        const copied = effect.name !== 'assign' || inPlace.get(memoryOf(inputs[0]!)) !== effect.targets[0];
        if (copied) instructions.push(effect.lower(inputs));
      } else i++;
    }
  };
  const partners = kdPartners(nodes);
  for (const node of nodes) {
    instructions.push(...instructionsOf(node, done, partners));
    done.add(node);
    takeReady();
  }
  takeReady();
  return instructions.map((instruction) => ({
    ...instruction,
    fields: redirected(instruction.fields, inPlace),
  }));
}

/**
 * Assignments that need no copy: what is computed for a variable that nothing else of this plan reads or writes is
 * computed in the variable's own memory.
 */
function writtenInPlace(
  rewritten: readonly Rewritten[],
  readers: ReadonlyMap<Tensor, unknown>,
): Map<Tensor, Tensor> {
  const result = new Map<Tensor, Tensor>();
  for (const { effect, inputs } of rewritten) {
    if (effect.name !== 'assign') continue;
    const [target] = effect.targets as [Tensor];
    const value = memoryOf(inputs[0]!);
    const others = rewritten.filter((other) => other.effect !== effect);
    const alone = others.every((o) => ![...o.effect.targets, ...o.inputs.map(memoryOf)].includes(target));
    if (alone && !readers.has(target) && !isSource(value) && !result.has(value)) result.set(value, target);
  }
  return result;
}

function redirected(
  fields: Instruction['fields'],
  inPlace: ReadonlyMap<Tensor, Tensor>,
): Instruction['fields'] {
  const redirect = (value: number | Tensor | undefined) =>
    typeof value === 'object' ? (inPlace.get(memoryOf(value)) ?? value) : value;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redirect(value)]));
}

/** Nodes that take an instruction, in order. Reshapes are kept: they count as done when their input is. */
function computed(rewritten: readonly Rewritten[]): Tensor[] {
  const nodes = topological(rewritten.flatMap(({ inputs }) => inputs)).filter((node) => !isSource(node));
  const first = nodes.filter((node) => node.op === 'stepRead');
  return [...first, ...nodes.filter((node) => node.op !== 'stepRead')];
}

export function isSource(tensor: Tensor): boolean {
  return tensor.op === 'variable' || tensor.op === 'fill';
}

/** The tensor in whose memory this one lies: reshapes are aliases. */
export function memoryOf(tensor: Tensor): Tensor {
  return tensor.op === 'reshape' ? memoryOf(tensor.inputs[0]!) : tensor;
}

/** An effect listed earlier must come first if one of the two writes what the other reads or writes. */
function conflict(earlier: Rewritten, later: Rewritten): boolean {
  const touches = ({ effect, inputs }: Rewritten): Tensor[] => [...effect.targets, ...inputs.map(memoryOf)];
  return (
    later.effect.targets.some((target) => touches(earlier).includes(target)) ||
    earlier.effect.targets.some((target) => touches(later).includes(target))
  );
}

type Partners = Map<Tensor, Tensor>;

/**
 * Pairs of a KD loss and its gradient over the same inputs: one instruction makes both, where the first of them stands.
 * That needs the upstream gradient to be there by then: the gradient comes first, or its upstream is a constant.
 */
function kdPartners(nodes: readonly Tensor[]): Partners {
  const partners: Partners = new Map();
  const losses = nodes.filter((node) => node.op === 'kdLoss');
  for (const gradient of nodes.filter((node) => node.op === 'kdLossGradient')) {
    const loss = losses.find(
      (l) =>
        !partners.has(l) &&
        l.inputs.every((input, i) => input === gradient.inputs[i]) &&
        JSON.stringify(l.attributes) === JSON.stringify(gradient.attributes) &&
        (nodes.indexOf(gradient) < nodes.indexOf(l) || isSource(memoryOf(gradient.inputs.at(-1)!))),
    );
    if (loss) partners.set(loss, gradient).set(gradient, loss);
  }
  return partners;
}

function instructionsOf(node: Tensor, done: ReadonlySet<Tensor>, partners: Partners): readonly Instruction[] {
  if (node.op === 'reshape' || node.op === 'variable' || node.op === 'fill') return [];
  const partner = partners.get(node);
  if (partner) {
    if (done.has(partner)) return [];
    const [loss, gradient] = node.op === 'kdLoss' ? [node, partner] : [partner, node];
    return [kdInstruction(loss, loss, gradient)];
  }
  const lowered = operators[node.op].lower(node);
  return Array.isArray(lowered) ? lowered : [lowered as Instruction];
}
