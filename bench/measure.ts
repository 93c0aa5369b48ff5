import { Bench } from 'tinybench';

/** Something to time: `run` does the work and may answer a promise; `before` each run prepares it, off the clock. */
export interface Subject {
  name: string;
  run: () => void | Promise<void>;
  before?: () => void | Promise<void>;
}

/** Rounds over all subjects, and milliseconds each is timed in a round. */
export interface Effort {
  rounds: number;
  milliseconds: number;
}

/** Milliseconds a call, in the order measured; medians and spreads are taken of these. */
export type Samples = number[];

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Half the distance between the quartiles, relative to the median. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return (at(0.75) - at(0.25)) / 2 / median(values);
}

/**
 * Times subjects in turn, round after round, so that noise of a shared machine falls on all alike. A sample is the
 * median call of some `milliseconds` of one subject, by tinybench.
 */
export async function interleaved(
  subjects: readonly Subject[],
  { rounds, milliseconds }: Effort,
): Promise<Map<string, Samples>> {
  const samples = new Map<string, Samples>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) await timed(subject, 4 * milliseconds); // warms up: code tiers up, pages are touched
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) samples.get(subject.name)!.push(await timed(subject, milliseconds));
  }
  return samples;
}

/** The median call of some milliseconds. */
export async function timed({ name, run, before }: Subject, milliseconds: number): Promise<number> {
  const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, throws: true });
  bench.add(name, run, before && { beforeEach: before });
  await bench.run();
  const { result } = bench.tasks[0]!;
  if (result?.state !== 'completed') throw new Error(`${name} could not be measured`);
  return result.latency.p50;
}

/** Rates of samples that each did so many flops. */
export function gflops(flops: number, samples: Samples): Samples {
  return samples.map((milliseconds) => flops / milliseconds / 1e6);
}

/** Ratios of two subjects' samples round by round: what a noisy minute does to both cancels. */
export function ratios(over: Samples, under: Samples): Samples {
  return over.map((value, i) => value / under[i]!);
}
