import { type CompiledNode, memoryOf } from '../../compiler/node.js';
import type { Host } from './groups.js';
import { type Binding, displaced, type Kernel, line } from './kernel.js';

/** Buffers that any adapter lets a kernel bind. */
const MOST_BUFFERS = 8;
/** Workgroups up to which a kernel may join another: what is large gains nothing, and takes what the other needs. */
const FEW_GROUPS = 8192;
/** What decides which kernels may be one. */
export interface Rules {
  /** Where a node lies that is part of a larger one's memory: of that nothing may be read and written in one dispatch. */
  readonly hosts: ReadonlyMap<CompiledNode, Host>;
  /** Bytes that a workgroup's invocations may share. */
  readonly shared: number;
  /** Among how many of the last dispatches a kernel looks for one to join: what it computes is kept from there on. */
  readonly window: number;
  /** What stands for a node where one kernel waits for another: what they write, or the larger memory that it is part of. */
  readonly waitsFor: (node: CompiledNode) => CompiledNode;
}

/**
 * The same kernels in fewer dispatches, as each costs the same however little it does: small ones that don't need each
 * other's results run side by side, each in workgroups of its own.
 */
export function merged(kernels: readonly Kernel[], rules: Rules): Kernel[] {
  const places: Kernel[][] = [];
  const written = new Map<CompiledNode, number>();
  const { window, waitsFor } = rules;
  for (const kernel of kernels) {
    const waits = kernel.bindings.filter(({ access }) => access === 'read' || !kernel.beside);
    const earliest = waits.reduce(
      (most, { node }) => Math.max(most, (written.get(waitsFor(node)) ?? -1) + 1),
      Math.max(0, places.length - window),
    );
    let at = places.length - 1;
    while (at >= earliest && !fits([...places[at]!, kernel], rules)) at--;
    if (at >= earliest) places[at]!.push(kernel);
    else at = places.push([kernel]) - 1;
    for (const { node, access } of kernel.bindings)
      if (access === 'read_write')
        written.set(waitsFor(node), Math.max(at, written.get(waitsFor(node)) ?? 0));
  }
  return places.map((together) => (together.length === 1 ? together[0]! : sideBySide(together, rules.hosts)));
}

function fits(kernels: readonly Kernel[], { hosts, shared }: Rules): boolean {
  const groups = kernels.map(groupsOf).sort((a, b) => a - b);
  const bound = new Map<CompiledNode, Binding>();
  // What is written can't be bound twice, and what is bound once has one type.
  const alike = kernels
    .flatMap(({ bindings }) => bindings)
    .every((binding) => {
      const owner = hostOf(binding.node, hosts).node;
      const before = bound.get(owner) ?? binding;
      bound.set(owner, binding);
      return before.access === binding.access && (before.access === 'read' || before.type === binding.type);
    });
  return (
    alike &&
    kernels.every(({ lanes }) => lanes === kernels[0]!.lanes) &&
    groups.slice(0, -1).reduce((sum, n) => sum + n, 0) <= FEW_GROUPS &&
    bindingsOf(kernels, hosts).length <= MOST_BUFFERS &&
    sharedBytes(kernels) <= shared
  );
}

/** Kernels in one: of its workgroups the first are the first one's, and so on. */
function sideBySide(together: readonly Kernel[], hosts: Rules['hosts']): Kernel {
  const kernels = [...together].sort((a, b) => Number(b.long) - Number(a.long));
  const bindings = bindingsOf(kernels, hosts);
  const { workgroups, index } = line(kernels.reduce((sum, kernel) => sum + groupsOf(kernel), 0));
  let first = 0;
  const branches: string[] = [];
  const globals = kernels.map((alone, i) => {
    const kernel = { ...alone, ...codeInHosts(alone, hosts), bindings: inHosts(alone, hosts) };
    const [width, height] = kernel.workgroups;
    const own = `own_${i}`;
    branches.push(`if (place < ${first + groupsOf(kernel)}u) {
    let own = place - ${first}u;
    ${own}(vec3u(own % ${width}u, own / ${width}u % ${height}u, own / ${width * height}u), lane);
  }`);
    first += groupsOf(kernel);
    const rename = renaming(kernel, bindings, i);
    return `${rename(kernel.globals.replace(SHARED, ''))}
fn ${own}(group: vec3u, lane: u32) {
${rename(kernel.body)}
}`;
  });
  return {
    name: kernels.map(({ name }) => name).join(' + '),
    bindings,
    globals: [
      ...[...sharedOf(kernels)].map(
        ([name, { type, count }]) => `var<workgroup> ${name}: array<${type}, ${count}>;`,
      ),
      ...globals,
    ].join('\n'),
    body: `  let place = ${index};\n  ${branches.join(' else ')}`,
    lanes: kernels[0]!.lanes,
    workgroups,
    beside: false,
    long: false,
  };
}

export function hostOf(node: CompiledNode, hosts: Rules['hosts']): Host {
  return hosts.get(memoryOf(node)) ?? { node: memoryOf(node), offset: 0 };
}

/** Of WGSL's types. */
const BYTES: Readonly<Record<string, number>> = { f32: 4, i32: 4, u32: 4, vec2f: 8, vec4f: 16 };

/** What a kernel binds, of parts of larger memory the whole: one binding is enough for all of its parts. */
function inHosts({ bindings }: Kernel, hosts: Rules['hosts']): Binding[] {
  return bindings.map((binding) => ({ ...binding, node: hostOf(binding.node, hosts).node }));
}

/** A kernel's code that finds parts of larger memory in the whole of it. */
function codeInHosts(kernel: Kernel, hosts: Rules['hosts']): Pick<Kernel, 'globals' | 'body'> {
  let { globals, body } = kernel;
  for (const { word, node, type } of kernel.bindings) {
    const { offset } = hostOf(node, hosts);
    if (offset === 0) continue;
    const first = `${offset / BYTES[type]!}u`;
    globals = displaced(globals, word, first);
    body = displaced(body, word, first);
  }
  return { globals, body };
}

/** What they bind, each once: a buffer that two read as the same type, under a new name. */
function bindingsOf(kernels: readonly Kernel[], hosts: Rules['hosts']): Binding[] {
  const bindings: Binding[] = [];
  for (const binding of kernels.flatMap((kernel) => inHosts(kernel, hosts)))
    if (!bindings.some((other) => isSame(other, binding)))
      bindings.push({ ...binding, word: `bound_${bindings.length}` });
  return bindings;
}

function isSame(a: Binding, b: Binding): boolean {
  return memoryOf(a.node) === memoryOf(b.node) && a.type === b.type && a.access === b.access;
}

/** Changes the words of a kernel's code that others may have too: its bindings and what its globals declare. */
function renaming(kernel: Kernel, bindings: readonly Binding[], number: number): (code: string) => string {
  const names = new Map<string, string>();
  for (const [, word] of kernel.globals.matchAll(/\b(?:fn|const|alias|struct|var(?:<workgroup>)?)\s+(\w+)/g))
    names.set(word!, `${word}_${number}`);
  for (const { word, name } of arraysOf(kernel.globals)) names.set(word, name);
  for (const binding of kernel.bindings)
    names.set(binding.word, bindings.find((other) => isSame(other, binding))!.word);
  // Not what follows a point: members keep their names.
  return (code) => code.replace(/(?<![.\w])[A-Za-z_]\w*/g, (word) => names.get(word) ?? word);
}

function groupsOf({ workgroups: [x, y, z] }: Kernel): number {
  return x * y * z;
}

const SHARED = /var<workgroup>\s+(\w+)\s*:\s*array<(\w+),\s*(\d+)>\s*;/g;

/**
 * The arrays that workgroups share, by their name when kernels are one: those of a type lie in the same memory, as a
 * workgroup runs one of the kernels only.
 */
function sharedOf(kernels: readonly Kernel[]): Map<string, { type: string; count: number }> {
  const shared = new Map<string, { type: string; count: number }>();
  for (const { globals } of kernels)
    for (const { name, type, count } of arraysOf(globals))
      shared.set(name, { type, count: Math.max(count, shared.get(name)?.count ?? 0) });
  return shared;
}

function arraysOf(globals: string): { word: string; name: string; type: string; count: number }[] {
  const byType = new Map<string, number>();
  return [...globals.matchAll(SHARED)].map(([, word, type, count]) => {
    const number = byType.get(type!) ?? 0;
    byType.set(type!, number + 1);
    return { word: word!, name: `shared_${type}_${number}`, type: type!, count: Number(count) };
  });
}

function sharedBytes(kernels: readonly Kernel[]): number {
  return [...sharedOf(kernels).values()].reduce((sum, { type, count }) => sum + BYTES[type]! * count, 0);
}
