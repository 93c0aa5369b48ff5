import { constantWords } from '../../compiler/constants.js';
import { type CompiledEffect, type CompiledNode, isSource, memoryOf } from '../../compiler/node.js';
import { ordered } from '../../compiler/order.js';
import { rewritten } from '../../compiler/rewrite.js';
import { DistillError } from '../../errors.js';
import { bytesOf } from '../../graph/shape.js';
import type { Effect, Plans, Tensor, Variable } from '../../graph/tensor.js';
import { topological } from '../../graph/topology.js';
import { placeVariables } from './arenas.js';
import { alignedTo, Buffers, inVectors, type Life, type Place, Slots } from './buffers.js';
import { fusions } from './fusions/index.js';
import { rowsInPlace } from './fusions/rows.js';
import { type Grouped, grouped, type Host } from './groups.js';
import type { Kernel } from './kernel.js';
import { effectKernel, flag } from './lower/effects.js';
import { lowered } from './lower/index.js';
import { scratch } from './lower/lowering.js';
import type { Speeds } from './lower/tiles.js';
import { hostOf, merged, type Rules } from './merge.js';

/** A kernel with the ranges of buffers that it binds, in the order of its bindings. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly places: readonly Place[];
}

/** Plans over shared variables, laid out in buffers. Plain data: a session loads it. */
export interface Program {
  readonly plans: ReadonlyMap<string, readonly Dispatch[]>;
  /**
   * Plans that read no variable: they say how a run begins (initial weights, the order of samples), and wasm computes
   * them, so that runs begin alike on every backend.
   */
  readonly beginnings: Plans;
  readonly variables: ReadonlyMap<Variable, Place>;
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  /** Written once when the program is loaded. */
  readonly initial: Buffers['initial'];
  readonly flag: Place;
}

/** What a device allows. */
export interface Limits {
  /** Of one buffer, and of what a kernel binds of it. */
  readonly bytes: number;
  /** Bytes that a workgroup's invocations may share. */
  readonly shared: number;
  /** What tiles are chosen by. */
  readonly speeds: Speeds;
}

/** How many dispatches ahead what a plan computes may be computed. */
const COMPUTING_WINDOW = 24;

/**
 * Compiles named plans to dispatches: fused, ordered, lowered, every buffer placed.
 * @throws DistillError 'memory' for a tensor that is larger than what a kernel may bind.
 */
export function compile(plans: Plans, limits: Limits): Program {
  const { shared, speeds } = limits;
  const [begin, step] = [true, false].map((which) =>
    Object.entries(plans).filter(([, effects]) => begins(effects) === which),
  ) as [[string, readonly Effect[]][], [string, readonly Effect[]][]];
  const rewrites = step.map(([name, effects]) => ({ name, effects: fused(effects) }));
  const buffers = new Buffers();
  const variables = placeVariables(
    rewrites.flatMap(({ effects }) => effects),
    variablesOf(plans),
    buffers,
    limits.bytes,
  );
  const flagPlace = buffers.add(4);
  const sources = new Map<CompiledNode, Place>([...variables, [flag, flagPlace]]);
  const arenas = arenasOf(variables, buffers, sources);
  const slots = new Slots(buffers);
  const finished = rewrites.map(
    ({ name, effects }) =>
      [name, dispatches(effects, { sources, arenas, buffers, slots, shared, speeds })] as const,
  );
  buffers.sizes.forEach((bytes) => {
    checkBytes(bytes, limits);
  });
  return {
    plans: new Map(finished),
    beginnings: Object.fromEntries(begin),
    variables,
    buffers: buffers.sizes,
    initial: buffers.initial,
    flag: flagPlace,
  };
}

function fused(effects: readonly Effect[]): CompiledEffect[] {
  const targets = new Set<CompiledNode>(effects.flatMap((effect) => effect.targets));
  return rewritten(effects, [rowsInPlace(targets), ...fusions]);
}

/** Whether a plan says how a run begins: it assigns what it doesn't compute from variables. */
export function begins(effects: readonly Effect[]): boolean {
  const nodes = topological<Tensor>(effects.flatMap(({ inputs }) => inputs));
  return effects.every(({ effect }) => effect === 'assign') && nodes.every(({ op }) => op !== 'variable');
}

/** All variables that plans read or write. */
export function variablesOf(plans: Plans): Set<Variable> {
  const result = new Set<Variable>();
  for (const { inputs, targets } of Object.values(plans).flat()) {
    for (const node of topological<Tensor>(inputs)) if (node.op === 'variable') result.add(node);
    for (const target of targets) result.add(target);
  }
  return result;
}

/** Variables that lie side by side: nodes that are all of their buffers, and the variables as parts of these. */
interface Arenas {
  readonly wholes: ReadonlyMap<number, CompiledNode>;
  readonly parts: ReadonlyMap<CompiledNode, Host>;
}

/** Adds the nodes to `sources`. */
function arenasOf(
  variables: ReadonlyMap<Variable, Place>,
  { sizes }: Buffers,
  sources: Map<CompiledNode, Place>,
): Arenas {
  const wholes = new Map<number, CompiledNode>();
  const parts = new Map<CompiledNode, Host>();
  for (const [variable, { buffer, offset, bytes }] of variables) {
    const whole = sizes[buffer]!;
    if (bytes === whole) continue;
    const node = wholes.get(buffer) ?? scratch([whole / 4]);
    wholes.set(buffer, node);
    sources.set(node, { buffer, offset: 0, bytes: whole });
    parts.set(variable, { node, offset });
  }
  return { wholes, parts };
}

/** Kernels of effects, of which each reads what those before it have left: only neighbors can be one dispatch. */
function inOrder(
  carrying: readonly Kernel[],
  ranges: Grouped['ranges'],
  wholes: Arenas['wholes'],
  rules: Pick<Rules, 'hosts' | 'shared'>,
): Kernel[] {
  const hosts = new Map(rules.hosts);
  for (const [node, { buffer, offset }] of ranges) hosts.set(node, { node: wholes.get(buffer)!, offset });
  return merged(carrying, { ...rules, hosts, window: 1, waitsFor: (node) => hostOf(node, hosts).node });
}

/** Where things lie, and what the plans share. */
interface Layout {
  readonly sources: Map<CompiledNode, Place>;
  readonly arenas: Arenas;
  readonly buffers: Buffers;
  readonly slots: Slots;
  readonly shared: number;
  readonly speeds: Speeds;
}

function dispatches(effects: readonly CompiledEffect[], layout: Layout): Dispatch[] {
  const { sources, arenas, buffers, slots, shared, speeds } = layout;
  const { units } = ordered(effects);
  const computing = units.flatMap((unit) =>
    unit.kind === 'node' ? lowered(unit.node, unit.parts, speeds) : [],
  );
  const known = grouped(effects, computing, sources);
  const carrying = known.groups.map(effectKernel).filter((kernel) => kernel !== undefined);
  const hosts = new Map([...known.hosts, ...arenas.parts]);
  const kernels = [
    ...merged(needed(computing, carrying, known.hosts), {
      ...{ hosts, shared, window: COMPUTING_WINDOW },
      waitsFor: memoryOf,
    }),
    ...inOrder(carrying, known.ranges, arenas.wholes, { hosts, shared }),
  ];
  const places = placed(kernels, known, sources, buffers, slots);
  return kernels.map((kernel) => ({ kernel, places: kernel.bindings.map(({ node }) => places(node)) }));
}

/** The kernels whose results are read: effects compute some of what they need themselves. */
function needed(
  computing: readonly Kernel[],
  carrying: readonly Kernel[],
  hosts: Grouped['hosts'],
): Kernel[] {
  const read = new Set([
    ...hosts.keys(),
    ...carrying.flatMap(({ bindings }) => bindings.map(({ node }) => memoryOf(node))),
  ]);
  const kept: Kernel[] = [];
  for (const kernel of [...computing].reverse()) {
    const written = kernel.bindings.filter(({ access }) => access === 'read_write');
    if (!written.some(({ node }) => read.has(memoryOf(node)))) continue;
    kept.push(kernel);
    for (const { node } of kernel.bindings) read.add(memoryOf(node));
  }
  return kept.reverse();
}

/** Where each node that kernels bind lies. */
function placed(
  kernels: readonly Kernel[],
  { hosts, ranges }: Grouped,
  sources: Map<CompiledNode, Place>,
  buffers: Buffers,
  slots: Slots,
): (node: CompiledNode) => Place {
  const lives = new Map<CompiledNode, Life>();
  kernels.forEach(({ bindings }, i) => {
    for (const { node } of bindings) {
      const memory = memoryOf(node);
      if (ranges.has(memory) || sources.has(memory)) continue;
      if (isSource(memory)) {
        sources.set(memory, placeConstant(memory, buffers));
        continue;
      }
      const owner = hosts.get(memory)?.node ?? memory;
      const life = lives.get(owner);
      if (life) life.last = i;
      else lives.set(owner, { node: owner, bytes: bytesOf(owner), first: i, last: i });
    }
  });
  const own = slots.place([...lives.values()]);
  return (node) => {
    const memory = memoryOf(node);
    const host = hosts.get(memory);
    if (!host) return (ranges.get(memory) ?? sources.get(memory) ?? own.get(memory))!;
    const { buffer, offset } = own.get(host.node)!;
    return { buffer, offset: offset + host.offset, bytes: inVectors(bytesOf(memory)) };
  };
}

function placeConstant(node: CompiledNode, buffers: Buffers): Place {
  const place = buffers.add(bytesOf(node));
  buffers.initial.push({ place, words: constantWords(node) });
  return place;
}

function checkBytes(bytes: number, limits: Limits): void {
  if (alignedTo(bytes) > alignedTo(limits.bytes))
    throw new DistillError(
      'memory',
      `a tensor of ${Math.ceil(bytes / 2 ** 20)} MiB is more than the ${Math.floor(limits.bytes / 2 ** 20)} MiB that this GPU binds at once: use a smaller batch or data set, or backend 'wasm'`,
    );
}
