import { flops, type Product, productSubject } from './gemm.ts';
import { type Effort, gflops, type Samples, type Subject, timed } from './measure.ts';
import { PEAK_FLOPS, peak } from './probes.ts';
import type { Rates } from './rates.ts';

export interface Measured {
  samples(name: string): Samples;
  /** The yardsticks right before and after a subject, each round's mean. */
  beside(name: string): Rates;
}

/**
 * The large product: big enough that packing and edges don't count, small enough to be measured again beside every
 * subject.
 */
export const LARGE: Product = { id: 'gemm-600x800x800', m: 600, k: 800, n: 800, goal: 0.8 };

/** The yardsticks' share of the time that is measured beside them. */
const SHARE = 1 / 8;

/**
 * What rates are measured against. The probe waits for latency and kernels wait for units, so a neighbor on the same core
 * takes from kernels and leaves the probe as it was; and on a Xeon the probe is no ceiling: convolutions were measured at
 * 1.13 of it. So a large product is the second one. Both are measured right before and after every subject: a machine
 * changes its mind within a minute.
 */
export class Yardsticks {
  /** Of the whole run. */
  readonly rates: Rates = { peak: [], product: [] };
  readonly #peak: Subject;
  readonly #product: Subject & { calls: number };

  constructor(probe: Subject = peak, product = productSubject(LARGE)) {
    this.#peak = probe;
    this.#product = product;
  }

  /** Compilers have seen the yardsticks, and what was measured until then is forgotten. */
  async warmUp({ rounds, milliseconds }: Effort): Promise<void> {
    for (let round = 0; round < rounds; round++) await this.glance(milliseconds);
    this.rates.peak.length = 0;
    this.rates.product.length = 0;
  }

  /** Times subjects in turn, round after round, between the yardsticks. */
  async interleaved(subjects: readonly Subject[], { rounds, milliseconds }: Effort): Promise<Measured> {
    const samples = new Map<string, Samples>(subjects.map(({ name }) => [name, []]));
    const beside = new Map<string, Rates>(subjects.map(({ name }) => [name, { peak: [], product: [] }]));
    for (const subject of subjects) await timed(subject, 4 * milliseconds); // warms up: code tiers up, pages are touched
    for (let round = 0; round < rounds && subjects.length > 0; round++) {
      let before = await this.glance(milliseconds);
      for (const subject of subjects) {
        samples.get(subject.name)!.push(await timed(subject, milliseconds));
        const after = await this.glance(milliseconds);
        for (const which of ['peak', 'product'] as const)
          beside.get(subject.name)![which].push((before[which] + after[which]) / 2);
        before = after;
      }
    }
    return { samples: (name) => samples.get(name)!, beside: (name) => beside.get(name)! };
  }

  /** Both rates now. */
  async glance(milliseconds: number): Promise<{ peak: number; product: number }> {
    const rate = async (which: keyof Rates, subject: Subject, flops: number) => {
      const [value] = gflops(flops, [await timed(subject, SHARE * milliseconds)]);
      this.rates[which].push(value!);
      return value!;
    };
    return {
      peak: await rate('peak', this.#peak, PEAK_FLOPS),
      product: await rate('product', this.#product, this.#product.calls * flops(LARGE)),
    };
  }
}
