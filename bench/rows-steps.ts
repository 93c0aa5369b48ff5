import { createEngine } from 'wasm-distill';
import { atLeast, atMost, type Document } from './document.ts';
import { interleaved, median, ratios } from './measure.ts';
import { lossDisagreement, makeWork, referenceLosses } from './peers/work.mjs';
import { PEAK_FLOPS, peak } from './probes.ts';
import type { Effort } from './rows-kernels.ts';
import { startupMilliseconds } from './startup.ts';
import { directStep, stepFlops, threadedStep } from './steps.ts';
import { barrierNanoseconds } from './threads.ts';

const GOALS = { A: 0.82, B: 0.8, C: 0.6 } as const;

/** Rows about whole training steps: one thread against the peak, two threads against one, barrier, start. */
export async function stepRows(document: Document, { rounds, milliseconds }: Effort): Promise<void> {
  const steps = (['A', 'B', 'C'] as const).map((name) => {
    const { config, arrays } = makeWork(name);
    const subject = directStep(config, arrays);
    sameLosses(`step ${name}`, subject.losses(), referenceLosses({ config, arrays }, 5));
    return { name, config, arrays, subject };
  });
  const samples = await interleaved([peak, ...steps.map((s) => s.subject)], rounds, milliseconds);
  const peakRates = samples.get('peak')!.map((ms) => PEAK_FLOPS / ms / 1e6);
  for (const { name, config, subject } of steps) {
    const rates = samples.get(subject.name)!.map((ms) => stepFlops(config) / ms / 1e6);
    const ms = median(samples.get(subject.name)!);
    document.rows.push(
      atLeast(
        `step-${name.toLowerCase()}`,
        GOALS[name],
        ratios(rates, peakRates),
        `${ms.toFixed(2)} ms, ${median(rates).toFixed(1)} GFLOP/s; share of peak`,
      ),
    );
  }

  await using one = await createEngine({ threads: 1 });
  await using two = await createEngine({ threads: 2 });
  for (const { name, config, arrays } of steps.slice(0, 2)) {
    const alone = await threadedStep(one, config, arrays, 4);
    const both = await threadedStep(two, config, arrays, 4);
    const timed = await interleaved([alone, both], rounds, 4 * milliseconds);
    const faster = ratios(timed.get(alone.name)!, timed.get(both.name)!);
    const ms = median(timed.get(both.name)!) / 4;
    document.rows.push(
      atLeast(
        `step-${name.toLowerCase()}-threads`,
        1.92,
        faster,
        `two threads over one; ${ms.toFixed(2)} ms a step`,
      ),
    );
    await Promise.all([alone.session.close(), both.session.close()]);
  }

  const crossings: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < rounds; i++) {
    crossings.push(await barrierNanoseconds(two));
    const { step, bare } = startupMilliseconds();
    starts.push(step - bare);
  }
  document.rows.push(atMost('barrier-ns', 300, crossings, 'nanoseconds a crossing, two running threads'));
  document.rows.push(
    atMost(
      'startup-ms',
      80,
      starts,
      "milliseconds from process start to the end of C's first step, less a bare Node's",
    ),
  );
}

/** A benchmark that times a wrong result fails. */
export function sameLosses(what: string, got: number[], expected: number[]): void {
  const off = lossDisagreement(got, expected);
  if (!(off <= 1e-3))
    throw new Error(`${what}: its losses [${got}] differ from the reference's [${expected}]`);
}
