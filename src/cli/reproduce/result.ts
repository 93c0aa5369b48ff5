import type { Report } from '../report.js';

/** A line of a finished table. */
export interface ResultRow {
  what: string;
  /** The paper's number, null where it has none. */
  paper: number | null;
  /** Mean over the seeds. */
  ours: number;
  /** Sample standard deviation over the seeds; 0 where there is one. */
  deviation: number;
  /** What each seed gives. */
  each: number[];
  /** What to come below, or up to. */
  goal: number | null;
  seeds: number[];
  /** SHA-256 of the weights that each seed gives. */
  weightsSha256: string[];
}

export interface Result {
  name: string;
  shows: string;
  rows: ResultRow[];
  /** What the rows follow from: the scale, the data, and each row's configuration. */
  config: { scale: string; training: number; errorsOf: number; command: string; rows: readonly unknown[] };
  environment: Report['environment'];
  /** Of this run; what was trained before isn't in it. */
  seconds: number;
  /** Of all trainings that the rows show, whenever they were. */
  trainingSeconds: number;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  const squares = values.map((value) => (value - middle) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (values.length - 1));
}
