import { createEngine } from 'wasm-distill';
import { barrierNanoseconds } from './barrier.ts';
import { atLeast, atMost, type Document, type Row, shareOfPeak } from './document.ts';
import { type Effort, gflops, interleaved, median, ratios } from './measure.ts';
import { makeWork, type Work } from './peers/work.mjs';
import { PEAK_FLOPS, peak } from './probes.ts';
import { startupMilliseconds } from './startup.ts';
import { directStep, stepFlops, threadedStep } from './steps.ts';

const GOALS = { A: 0.82, B: 0.8, C: 0.6 } as const;
const STEPS_A_RUN = 4;
/** That of the default recipe. */
const CLIP = 1;

/** Rows about whole training steps: one thread against the peak, the clip, two threads against one, barrier, start. */
export async function stepRows(document: Document, effort: Effort): Promise<void> {
  const steps = (['A', 'B', 'C'] as const).map((name) => {
    const work = makeWork(name);
    return { name, work, subject: directStep(work) };
  });
  const plain = steps[0]!;
  const clipped = directStep(plain.work, { clip: CLIP });
  const samples = await interleaved([peak, clipped, ...steps.map((s) => s.subject)], effort);
  const peakRates = gflops(PEAK_FLOPS, samples.get('peak')!);
  for (const { name, work, subject } of steps) {
    const rates = gflops(stepFlops(work.config), samples.get(subject.name)!);
    document.rows.push(shareOfPeak(`step-${name.toLowerCase()}`, GOALS[name], rates, peakRates));
  }
  const clippedMs = samples.get(clipped.name)!;
  const detail = `time of step A clipped at norm ${CLIP} over that without; ${median(clippedMs).toFixed(2)} ms`;
  document.rows.push(atMost('step-clip', 1.03, ratios(clippedMs, samples.get(plain.subject.name)!), detail));
  for (const { work } of steps.slice(0, 2)) document.rows.push(await threadsRow(work, effort));

  const crossings: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < effort.rounds; i++) {
    crossings.push(median(await barrierNanoseconds()));
    const { step, bare } = startupMilliseconds();
    starts.push(step - bare);
  }
  document.rows.push(
    atMost('barrier-ns', 300, crossings, 'nanoseconds a crossing, two running threads'),
    atMost(
      'startup-ms',
      80,
      starts,
      "milliseconds from process start to the end of C's first step, less a bare Node's",
    ),
  );
}

/** Two threads against one, in runs of a few steps as training does them. */
async function threadsRow(work: Work, { rounds, milliseconds }: Effort): Promise<Row> {
  await using one = await createEngine({ threads: 1 });
  await using two = await createEngine({ threads: 2 });
  const alone = await threadedStep(one, work, STEPS_A_RUN);
  const both = await threadedStep(two, work, STEPS_A_RUN);
  const samples = await interleaved([alone, both], { rounds, milliseconds: STEPS_A_RUN * milliseconds });
  const [aloneMs, bothMs] = [samples.get(alone.name)!, samples.get(both.name)!];
  return atLeast(
    `step-${work.config.name.toLowerCase()}-threads`,
    1.92,
    ratios(aloneMs, bothMs),
    `two threads over one; ${(median(bothMs) / STEPS_A_RUN).toFixed(2)} ms a step`,
  );
}
