import { checkNames, checkNumber, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add, multiply } from '../ops/binary.js';
import { relu, scale, shift } from '../ops/unary.js';
import { sumOfBounds } from './bounds.js';
import { helpersOf, lossBySample, memoryOf, type Objective, type Step } from './objective.js';

/** A weight that changes linearly over the training. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  /** The share of all steps after which it stays at `to` (default 1, the end). */
  readonly until?: number;
}

/** An objective with its weight. */
export type Term = readonly [weight: number | Ramp, objective: Objective];

/**
 * Several objectives at once: Σ weight·loss. Each keeps its own columns, teachers, helpers and memory. A weight may be a ramp:
 * `weightedSum([1, labels()], [{ from: 4, to: 0 }, distillation(…)])` is the second stage of FitNets.
 */
export function weightedSum(...terms: readonly Term[]): Objective {
  check(terms);
  const objectives = terms.map(([, objective]) => objective);
  // What counts nothing doesn't decide how fast the rest is learned.
  const rates = terms.flatMap(([weight, { rate }]) => (weight !== 0 && rate ? [rate] : []));
  return {
    spec: { kind: 'weighted sum', terms: terms.map(([weight, { spec }]) => ({ weight, objective: spec })) },
    columns: prefixed(objectives.map(({ columns = {} }) => columns)),
    teachers: teachersOf(objectives),
    helpers: (student) => prefixed(objectives.map((objective) => helpersOf(objective, student))),
    memory: (student, samples) =>
      prefixed(objectives.map((objective) => memoryOf(objective, student, samples))),
    ...(rates.length > 0 && { rate: (epochs) => Math.max(...rates.map((rate) => rate(epochs))) }),
    check: async (data, augment) => {
      for (const objective of objectives) await objective.check?.(data, augment);
    },
    checkSamples: async (data, augment) => {
      for (const objective of objectives) await objective.checkSamples?.(data, augment);
    },
    bounds: (data) =>
      sumOfBounds(
        terms.map(([weight, objective]) =>
          typeof weight === 'number' ? [weight, objective.bounds?.(data)] : [0, undefined],
        ),
      ),
    loss: (step) =>
      terms
        .map(([weight, objective], i) =>
          weighted(lossBySample(objective, stepOf(step, objectives, i)), weight, step),
        )
        .reduce((sum: Tensor, term: Tensor) => add(sum, term)),
  };
}

function weighted(loss: Tensor, weight: number | Ramp, { progress }: Step): Tensor {
  if (typeof weight === 'number') return scale(loss, weight);
  const { from, to, until = 1 } = weight;
  // min(1, progress/until)
  const way = shift(scale(relu(shift(scale(progress, -1 / until), 1)), -1), 1);
  return multiply(loss, shift(scale(way, to - from), from));
}

/** Each once: one that teaches several terms runs once in a step. */
function teachersOf(objectives: readonly Objective[]): readonly TrainedModel[] {
  return [...new Set(objectives.flatMap(({ teachers = [] }) => teachers))];
}

/** The part of a step that one of the terms sees. */
function stepOf(step: Step, objectives: readonly Objective[], term: number): Step {
  const all = teachersOf(objectives);
  const { teachers = [] } = objectives[term]!;
  return {
    ...step,
    teachers: teachers.map((teacher) => step.teachers[all.indexOf(teacher)]!),
    columns: own(step.columns, term),
    helpers: own(step.helpers, term),
    memory: own(step.memory, term),
    remember: (name, values, rows) => step.remember(named(term, name), values, rows),
  };
}

const named = (term: number, name: string): string => `${term}.${name}`;

function prefixed<T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.fromEntries(
    records.flatMap((record, term) =>
      Object.entries(record).map(([name, value]) => [named(term, name), value]),
    ),
  );
}

function own<T>(record: Readonly<Record<string, T>>, term: number): Record<string, T> {
  const prefix = named(term, '');
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function check(terms: readonly Term[]): void {
  demand(terms.length > 0, 'weightedSum needs at least one term such as [1, labels()]');
  terms.forEach((term, i) => {
    demand(
      Array.isArray(term) && term.length === 2 && typeof term[1]?.loss === 'function',
      () => `term ${i + 1} of weightedSum must be [weight, objective], not ${shown(term)}`,
    );
    checkWeight(term[0], `the weight of term ${i + 1}`);
  });
  checkSomeWeight(
    terms.map(([weight]) => weight),
    'weightedSum',
  );
}

/** Refuses what is no weight of a term. @throws DistillError 'bad-argument' */
export function checkWeight(weight: number | Ramp, what: string): void {
  if (typeof weight !== 'object' || weight === null) {
    checkNumber(weight, what, 'a finite number, or a ramp such as { from: 4, to: 0 }', Number.isFinite);
    return;
  }
  checkNames(weight, what, ['from', 'to', 'until']);
  const { from, to, until = 1 } = weight;
  checkNumber(from, `${what}, from`, 'a finite number', Number.isFinite);
  checkNumber(to, `${what}, to`, 'a finite number', Number.isFinite);
  checkNumber(until, `${what}, until`, 'a share above 0 and at most 1', (u) => u > 0 && u <= 1);
}

/** Refuses terms that all weigh 0 all the time: their loss would be 0. @throws DistillError 'bad-argument' */
export function checkSomeWeight(weights: readonly (number | Ramp)[], of: string): void {
  const isZero = (weight: number | Ramp) =>
    typeof weight === 'number' ? weight === 0 : weight.from === 0 && weight.to === 0;
  demand(
    !weights.every(isZero),
    () => `the terms of ${of} all have the weight 0, so that nothing is learned: give one another weight`,
  );
}
