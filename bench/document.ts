import { cpus } from 'node:os';
import { median, ratios, type Samples, spread } from './measure.ts';
import { besideOf, type Rates, suited, type Yardstick } from './rates.ts';

/** What `npm run bench -- --json` prints. */
export interface Document {
  cpu: string;
  node: string;
  date: string;
  /** The probe of multiply + add on registers, and a large product, over the whole run. */
  peak: Yardstick;
  product: Yardstick;
  /** What tells that the machine did something else too, if it did. */
  disturbed?: string;
  /** What part of the rows was asked for, if not all. */
  part?: string;
  rows: Row[];
  peers: { name: string; version: string; detail: string }[];
  absent: { name: string; why: string }[];
}

export interface Row {
  id: string;
  value: number;
  /** Rows without a goal are reported. */
  goal?: number;
  met?: boolean;
  spread: number;
  detail: string;
}

/** A row whose value must be at least its goal, from samples of the value. */
export function atLeast(id: string, goal: number, samples: readonly number[], detail: string): Row {
  const value = median(samples);
  return { id, value, goal, met: value >= goal, spread: spread(samples), detail };
}

/** A row that has no goal. */
export function reported(id: string, samples: readonly number[], detail: string): Row {
  return { id, value: median(samples), spread: spread(samples), detail };
}

/** A row of a rate in GFLOP/s as a share of the better suited of the yardsticks measured beside it. */
export function shareOfPeak(id: string, goal: number, rates: Samples, beside: Rates): Row {
  const detail = `${median(rates).toFixed(1)} GFLOP/s of ${besideOf(beside)}`;
  return atLeast(id, goal, ratios(rates, suited(beside)), detail);
}

/** A row whose value must be at most its goal. */
export function atMost(id: string, goal: number, samples: readonly number[], detail: string): Row {
  return { ...atLeast(id, goal, samples, detail), met: median(samples) <= goal };
}

export function emptyDocument(): Document {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    date: new Date().toISOString(),
    peak: { gflops: 0, low: 0, high: 0 },
    product: { gflops: 0, low: 0, high: 0 },
    rows: [],
    peers: [],
    absent: [],
  };
}
