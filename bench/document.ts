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

/** The rows as a Markdown table. */
export function markdown({ cpu, node, date, peak, rows, peers, absent }: Document): string {
  const number = (x: number) => (x >= 100 ? x.toFixed(0) : x.toFixed(x >= 10 ? 1 : 2));
  const lines = [
    `${cpu}, Node ${node}, ${date.slice(0, 10)}. Peak (register-only multiply + add): ${peak.gflops.toFixed(1)} GFLOP/s ± ${(100 * peak.spread).toFixed(1)} %.`,
    '',
    '| id | value | goal | met | spread | detail |',
    '|---|---:|---:|---|---:|---|',
    ...rows.map(
      (r) =>
        `| \`${r.id}\` | ${number(r.value)} | ${r.goal} | ${r.met ? 'yes' : '**no**'} | ${(100 * r.spread).toFixed(1)} % | ${r.detail} |`,
    ),
  ];
  if (peers.length > 0) lines.push('', ...peers.map((p) => `- ${p.name} ${p.version}: ${p.detail}`));
  if (absent.length > 0) lines.push('', ...absent.map((a) => `- absent: ${a.name}: ${a.why}`));
  return `${lines.join('\n')}\n`;
}
