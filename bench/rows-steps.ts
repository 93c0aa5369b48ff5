import { createEngine } from 'wasm-distill';
import { barrierNanoseconds } from './barrier.ts';
import { atLeast, atMost, type Row, shareOfPeak } from './document.ts';
import { type Effort, gflops, interleaved, median, ratios } from './measure.ts';
import { makeWork, type Trainable } from './peers/work.mjs';
import type { Run } from './run.ts';
import { startupMilliseconds } from './startup.ts';
import { directStep, stepFlops, threadedStep, trainable } from './steps.ts';

const GOALS = { A: 0.82, B: 0.8, C: 0.6 } as const;
const STEPS_A_RUN = 4;
/** That of the default recipe. */
const CLIP = 1;

/** Rows about whole training steps: one thread against the peak, the clip, two threads against one, barrier, start. */
export async function stepRows(run: Run): Promise<void> {
  const { document, effort, wants, yardsticks } = run;
  const steps = (['A', 'B', 'C'] as const)
    .filter((name) => wants(`step-${name.toLowerCase()}`))
    .map((name) => {
      const work = trainable(makeWork(name));
      return { name, work, subject: directStep(work) };
    });
  const measured = await yardsticks.interleaved(
    steps.map((s) => s.subject),
    effort,
  );
  for (const { name, work, subject } of steps) {
    const rates = gflops(stepFlops(work), measured.samples(subject.name));
    document.rows.push(
      shareOfPeak(`step-${name.toLowerCase()}`, GOALS[name], rates, measured.beside(subject.name)),
    );
  }
  if (wants('step-clip')) document.rows.push(await clipRow(effort));
  for (const name of ['A', 'B']) {
    const id = `step-${name.toLowerCase()}-threads`;
    if (wants(id)) document.rows.push(await threadsRow(id, trainable(makeWork(name)), 1.92, effort));
  }
  if (wants('barrier-ns')) await barrierRow(run);
  if (wants('startup-ms')) startupRow(run);
}

async function clipRow(effort: Effort): Promise<Row> {
  const plain = directStep(trainable(makeWork('A')));
  const clipped = directStep(trainable(makeWork('A')), { clip: CLIP });
  const samples = await interleaved([plain, clipped], effort);
  const clippedMs = samples.get(clipped.name)!;
  const detail = `time of step A clipped at norm ${CLIP} over that without; ${median(clippedMs).toFixed(2)} ms`;
  return atMost('step-clip', 1.03, ratios(clippedMs, samples.get(plain.name)!), detail);
}

async function barrierRow({ document, effort }: Run): Promise<void> {
  const crossings: number[] = [];
  for (let i = 0; i < effort.rounds; i++) crossings.push(median(await barrierNanoseconds()));
  document.rows.push(atMost('barrier-ns', 300, crossings, 'nanoseconds a crossing, two running threads'));
}

function startupRow({ document, effort }: Run): void {
  const starts: number[] = [];
  for (let i = 0; i < effort.rounds; i++) {
    const { step, bare } = startupMilliseconds();
    starts.push(step - bare);
  }
  const detail = "milliseconds from process start to the end of C's first step, less a bare Node's";
  document.rows.push(atMost('startup-ms', 80, starts, detail));
}

/** Two threads against one, in runs of a few steps as training does them. */
export async function threadsRow(
  id: string,
  work: Trainable,
  goal: number,
  { rounds, milliseconds }: Effort,
): Promise<Row> {
  await using one = await createEngine({ threads: 1 });
  await using two = await createEngine({ threads: 2 });
  const alone = await threadedStep(one, work, STEPS_A_RUN);
  const both = await threadedStep(two, work, STEPS_A_RUN);
  const samples = await interleaved([alone, both], { rounds, milliseconds: STEPS_A_RUN * milliseconds });
  const [aloneMs, bothMs] = [samples.get(alone.name)!, samples.get(both.name)!];
  const detail = `two threads over one; ${(median(bothMs) / STEPS_A_RUN).toFixed(2)} ms a step`;
  return atLeast(id, goal, ratios(aloneMs, bothMs), detail);
}
