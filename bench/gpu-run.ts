import type { EngineReport } from 'wasm-distill';
import { atLeast, atMost, type Document, type Row, reported } from './document.ts';
import type { Effort, Subject } from './measure.ts';

/** What `npm run bench:gpu` prints. */
export interface GpuDocument extends Pick<Document, 'cpu' | 'node' | 'date' | 'rows' | 'peers' | 'absent'> {
  /** What the card calls itself. */
  adapter: string;
  /** Whether random numbers on it are those of wasm. */
  equalDraws: boolean;
  /** What its tiles are chosen by. */
  speeds?: EngineReport['speeds'];
  cores: number;
  /** Of tiny sizes: its numbers say nothing. */
  dry: boolean;
  tookSeconds: number;
}

/** What is timed one after another: the card's limits, three steps, and small ones together. */
export const tasks = 5;

export interface GpuRun {
  document: GpuDocument;
  /** For a task. */
  seconds: number;
  dry: boolean;
}

const ROUNDS = 9;

/** Rounds in which so many subjects take as long as a task may; warming up takes four more (measure.ts). */
export function effortOf({ seconds, dry }: GpuRun, subjects: number): Effort {
  if (dry) return { rounds: 2, milliseconds: 1 };
  return { rounds: ROUNDS, milliseconds: (1000 * seconds) / (subjects * (ROUNDS + 4)) };
}

/** A subject on the card that runs once before it is timed: at rest, while others are timed, a card lowers its clock. */
export function warmed<S extends Subject>(subject: S): S {
  return { ...subject, before: subject.run };
}

export interface Goal {
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** Adds a row; tiny sizes have no goals. */
export function addRow(
  { document, dry }: GpuRun,
  id: string,
  samples: readonly number[],
  detail: string,
  goal: Goal = {},
): void {
  document.rows.push(rowOf(id, samples, detail, dry ? {} : goal));
}

function rowOf(id: string, samples: readonly number[], detail: string, goal: Goal): Row {
  if (goal.atLeast !== undefined) return atLeast(id, goal.atLeast, samples, detail);
  return goal.atMost !== undefined ? atMost(id, goal.atMost, samples, detail) : reported(id, samples, detail);
}

/** The rate in GFLOP/s or GB/s that a row reports. */
export function rateOf({ rows }: GpuDocument, id: string): number {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new Error(`no row is called ${id}`);
  return row.value;
}
