import { cpus } from 'node:os';
import { median, ratios, type Samples, spread } from './measure.ts';

/** What `npm run bench -- --json` prints. */
export interface Document {
  cpu: string;
  node: string;
  date: string;
  peak: { gflops: number; spread: number };
  rows: Row[];
  peers: { name: string; version: string; detail: string }[];
  absent: { name: string; why: string }[];
}

export interface Row {
  id: string;
  value: number;
  goal: number;
  met: boolean;
  spread: number;
  detail: string;
}

/** A row whose value must be at least its goal, from samples of the value. */
export function atLeast(id: string, goal: number, samples: readonly number[], detail: string): Row {
  const value = median(samples);
  return { id, value, goal, met: value >= goal, spread: spread(samples), detail };
}

/** A row of a rate, given in GFLOP/s as the peak that was probed in the same rounds is, as a share of that. */
export function shareOfPeak(id: string, goal: number, rates: Samples, peakRates: Samples): Row {
  const detail = `${median(rates).toFixed(1)} GFLOP/s of ${median(peakRates).toFixed(1)}`;
  return atLeast(id, goal, ratios(rates, peakRates), detail);
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
    peak: { gflops: 0, spread: 0 },
    rows: [],
    peers: [],
    absent: [],
  };
}
