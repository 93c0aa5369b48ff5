import { checkNumber, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { scale } from '../ops/unary.js';
import { sumOfBounds } from './bounds.js';
import { lossBySample, type Objective, type Step } from './objective.js';

/** An objective with its weight. */
export type Term = readonly [weight: number, objective: Objective];

/** Several objectives at once: Σ weight·loss. Each keeps its own columns, teachers and helpers. */
export function weightedSum(...terms: readonly Term[]): Objective {
  check(terms);
  const objectives = terms.map(([, objective]) => objective);
  const rates = objectives.flatMap(({ rate }) => (rate ? [rate] : []));
  return {
    spec: { kind: 'weighted sum', terms: terms.map(([weight, { spec }]) => ({ weight, ...spec })) },
    columns: prefixed(objectives.map(({ columns = {} }) => columns)),
    teachers: teachersOf(objectives),
    helpers: prefixed(objectives.map(({ helpers = {} }) => helpers)),
    ...(rates.length > 0 && { rate: (epochs) => Math.max(...rates.map((rate) => rate(epochs))) }),
    check: async (data, augment) => {
      for (const objective of objectives) await objective.check?.(data, augment);
    },
    bounds: (data) =>
      sumOfBounds(terms.map(([weight, objective]) => [weight, objective.bounds?.(data)] as const)),
    loss: (step) =>
      terms
        .map(([weight, objective], i) => scale(lossBySample(objective, stepOf(step, objectives, i)), weight))
        .reduce((sum: Tensor, term: Tensor) => add(sum, term)),
  };
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
  };
}

function prefixed<T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.fromEntries(
    records.flatMap((record, term) =>
      Object.entries(record).map(([name, value]) => [`${term}.${name}`, value]),
    ),
  );
}

function own<T>(record: Readonly<Record<string, T>>, term: number): Record<string, T> {
  const prefix = `${term}.`;
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
    checkNumber(term[0], `the weight of term ${i + 1}`, 'a finite number', Number.isFinite);
  });
}
