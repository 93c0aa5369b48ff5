import type { CompiledNode } from '../../compiler/node.js';
import { size } from '../../graph/shape.js';

/** One dispatch: a WGSL module in parts, with the buffers that it binds. Plain data: a session makes a pipeline of it. */
export interface Kernel {
  /** What it computes, for texts and errors. */
  readonly name: string;
  /** In the order of @binding in group 0. */
  readonly bindings: readonly Binding[];
  /** WGSL before the entry: constants, workgroup variables, functions. */
  readonly globals: string;
  /** Statements of the entry. */
  readonly body: string;
  /** Invocations of a workgroup, in a row. */
  readonly lanes: number;
  readonly workgroups: Workgroups;
  /** Whether others may write to the same arrays at one time, each a part of its own. */
  readonly beside: boolean;
  /** Whether its workgroups take long: in one dispatch with others they start first, and spread evenly over the GPU. */
  readonly long: boolean;
}

export interface Binding {
  /** What the code calls it. */
  readonly word: string;
  readonly node: CompiledNode;
  readonly type: 'f32' | 'i32' | 'u32' | 'vec4f';
  readonly access: 'read' | 'read_write';
}

export type Workgroups = readonly [x: number, y: number, z: number];

/** A buffer as a kernel declares it: bytes come as words of four, and `type` sees numbers four at a time. */
export interface Declared {
  readonly node: CompiledNode;
  readonly type: 'vec4f' | 'u32';
}

export interface KernelParts {
  readonly name: string;
  /** What is read, by the names that the body uses; arrays of f32, i32 or, for bytes, u32. */
  readonly reads: Readonly<Record<string, CompiledNode | Declared>>;
  /** What is written, or read and written in place. */
  readonly writes: Readonly<Record<string, CompiledNode | Declared>>;
  /** WGSL before the entry: constants, workgroup variables, functions of math.ts and philox.ts. */
  readonly globals?: string;
  /**
   * Statements of the entry, which knows `group`, the number of the workgroup (a vector), and `lane`, the invocation's in
   * it, and the uniform `state`: `state.step` and `state.seed`, both u32.
   */
  readonly body: string;
  readonly workgroups: Workgroups;
  /** Invocations of a workgroup (default 128). */
  readonly lanes?: number;
  /** See `Kernel` (default false). */
  readonly beside?: boolean;
  /** See `Kernel` (default false). */
  readonly long?: boolean;
}

/** No dimension of a dispatch may be larger. */
const MOST_GROUPS = 65_535;
/** Of nearly all kernels, as only those with equally many can be one dispatch. */
export const LANES = 128;

/** A kernel by the names of what it reads and writes. */
export function kernel(parts: KernelParts): Kernel {
  const { name, reads, writes, workgroups, lanes = LANES, beside = false, long = false } = parts;
  const { globals, body } = withRows(parts);
  const bound = (list: KernelParts['reads'], access: Binding['access']) =>
    Object.entries(list).map(
      ([word, what]): Binding => ({
        ...{ word, type: typeOf(what), access },
        node: isRow(what, access) ? nodeOf(what).inputs[0]! : nodeOf(what),
      }),
    );
  const bindings = [...bound(reads, 'read'), ...bound(writes, 'read_write')];
  return { name, bindings, globals, body, lanes, workgroups, beside, long };
}

/** Whether a kernel reads this step's row of an array out of the whole. */
function isRow(what: CompiledNode | Declared, access: Binding['access']): boolean {
  return access === 'read' && 'op' in what && what.op === 'row';
}

/** A kernel's code, in which rows are found by the step. */
function withRows({ reads, globals = '', body }: KernelParts): { globals: string; body: string } {
  const code = { globals, body };
  for (const [word, what] of Object.entries(reads)) {
    if (!isRow(what, 'read')) continue;
    const node = nodeOf(what);
    const first = `(state.step % ${node.inputs[0]!.shape[0]}u) * ${size(node.shape)}u`;
    code.globals = displaced(code.globals, word, first);
    code.body = displaced(code.body, word, first);
  }
  return code;
}

/** The code with `first`, an expression, added to every index of an array. */
export function displaced(code: string, word: string, first: string): string {
  let result = '';
  let rest = code;
  for (const start = `${word}[`; ; ) {
    const at = rest.search(new RegExp(`(?<![.\\w])${word}\\[`));
    if (at < 0) return result + rest;
    const from = at + start.length;
    const to = closing(rest, from);
    result += `${rest.slice(0, from)}${first} + (${displaced(rest.slice(from, to), word, first)})`;
    rest = rest.slice(to);
  }
}

/** Where the bracket closes that was opened before `from`. */
function closing(code: string, from: number): number {
  let open = 1;
  let at = from;
  for (; open > 0; at++) {
    if (code[at] === '[') open++;
    if (code[at] === ']') open--;
  }
  return at - 1;
}

/** A kernel's module. */
export function codeOf({ bindings, globals, body, lanes }: Kernel): string {
  const buffers = bindings.map(
    ({ word, type, access }, i) =>
      `@group(0) @binding(${i}) var<storage, ${access}> ${word}: array<${type}>;`,
  );
  return `struct State { step: u32, seed: u32 }
@group(1) @binding(0) var<uniform> state: State;
${buffers.join('\n')}
${globals}
@compute @workgroup_size(${lanes})
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
${body}
}
`;
}

/** One invocation an element, or `each` of them: statements that see the element's number as `i`; of several none may return. */
export function pointwise(
  name: string,
  node: CompiledNode,
  { body, each = 1, ...parts }: Omit<KernelParts, 'name' | 'workgroups' | 'lanes'> & { each?: number },
): Kernel {
  const elements = size(node.shape);
  const { workgroups, index } = line(Math.ceil(elements / (LANES * each)));
  const one = `  let i = (${index}) * ${LANES}u + lane;
  if (i >= ${elements}u) { return; }
${body}`;
  const several = `  let first = (${index}) * ${LANES * each}u + lane;
  for (var i = first; i < min(first + ${LANES * each}u, ${elements}u); i += ${LANES}u) {
${body}
  }`;
  return kernel({ ...parts, name, body: each === 1 ? one : several, workgroups });
}

/** `count` workgroups in as many dimensions as that takes, and the WGSL of a workgroup's number among them. */
export function line(count: number): { workgroups: [number, number, number]; index: string } {
  if (count <= MOST_GROUPS) return { workgroups: [count, 1, 1], index: 'group.x' };
  return {
    workgroups: [MOST_GROUPS, Math.ceil(count / MOST_GROUPS), 1],
    index: `group.y * ${MOST_GROUPS}u + group.x`,
  };
}

/** A number as WGSL writes an f32; infinities and NaN, which it has no words for, are made from bits at run time. */
export function float(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return 'bitcast<f32>(0x7fc00000u + (state.step & 0u))';
  if (!Number.isFinite(rounded))
    return `bitcast<f32>(${rounded > 0 ? '0x7f800000' : '0xff800000'}u + (state.step & 0u))`;
  const text = String(rounded);
  return Object.is(rounded, -0) ? '-0.0f' : `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

function nodeOf(what: CompiledNode | Declared): CompiledNode {
  return 'node' in what ? what.node : what;
}

function typeOf(what: CompiledNode | Declared): Binding['type'] {
  if ('node' in what) return what.type;
  return ({ f32: 'f32', i32: 'i32', u8: 'u32' } as const)[what.dtype];
}
