import { brandOf, checkArray, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { checkShape, type Shape, size } from '../graph/shape.js';
import { type Effect, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { assign, writeRows } from '../ops/effects.js';

/** Numbers that an objective keeps from step to step, such as an embedding of each sample. */
export interface Memory {
  /** Of all of it, such as [samples, units]. */
  readonly shape: Shape;
  /** What it holds before the first step, row-major (default: zeros). */
  readonly initial?: Float32Array;
}

/** What an objective keeps, by name. */
export type Memories = Readonly<Record<string, Memory>>;

/** Says what a memory holds after the step: values in these rows (see ops.writeRows), or without rows in all of it. */
export type Remember = (name: string, values: Tensor, rows?: Tensor) => void;

/** The memory of a training: its variables by name, and what its steps write. */
export interface KeptMemory {
  readonly variables: Readonly<Record<string, Variable<'f32'>>>;
  readonly remember: Remember;
  /** What was said by `remember`. @throws DistillError 'bad-argument' for a memory of which nothing was. */
  effects(): readonly Effect[];
  /** What it begins with, where that isn't zeros. */
  readonly initial: readonly (readonly [Variable<'f32'>, Float32Array])[];
}

/** @throws DistillError 'bad-argument' */
export function checkMemories(memories: Memories): void {
  demand(
    brandOf(memories) === 'Object',
    () => `the memory of an objective must be { shape, initial } by names, not ${shown(memories)}`,
  );
  for (const [name, memory] of Object.entries(memories)) checkMemory(memory, `memory ${name}`);
}

function checkMemory(memory: Memory, what: string): void {
  checkNames(memory, what, ['shape', 'initial']);
  const { shape, initial } = memory;
  checkShape(what, shape);
  if (initial === undefined) return;
  checkArray(initial, `the initial numbers of ${what}`, 'Float32Array');
  demand(
    initial.length === size(shape),
    () => `${what} of shape [${shape}] begins with ${size(shape)} numbers, not ${initial.length}`,
  );
  const bad = initial.findIndex((v) => !Number.isFinite(v));
  demand(bad < 0, () => `number ${bad} that ${what} begins with is ${initial[bad]}`);
}

export function keptMemory(memories: Memories): KeptMemory {
  const variables = Object.fromEntries(
    Object.entries(memories).map(([name, { shape }]) => [name, variable(`memory.${name}`, shape)]),
  );
  const names = Object.keys(variables);
  const effects: Effect[] = [];
  return {
    variables,
    remember: (name, values, rows) => {
      demand(
        names.includes(name),
        () => `the objective remembers ${name}, but its memory has ${names.join(', ') || 'nothing'}`,
      );
      const own = variables[name]!;
      effects.push(rows === undefined ? assign(own, values) : writeRows(own, rows, values));
    },
    effects: () => {
      const untold = names.find((name) => !effects.some(({ targets }) => targets[0] === variables[name]));
      demand(
        untold === undefined,
        () => `memory ${untold} is never written: call remember('${untold}', …) in the loss, or leave it out`,
      );
      return effects;
    },
    initial: Object.entries(memories).flatMap(([name, { initial }]) =>
      initial ? [[variables[name]!, initial] as const] : [],
    ),
  };
}
