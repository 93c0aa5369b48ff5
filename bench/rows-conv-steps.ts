import { atLeast } from './document.ts';
import { gflops, median, ratios } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { threadsRow } from './rows-steps.ts';
import type { Run } from './run.ts';
import { directStep, stepFlops, trainable } from './steps.ts';

const GOALS = { vgg: 0.88, resnet8: 0.88, lenet: 0.75 } as const;

/** Rows about training steps of convolutional networks: the nominal rate over a large product's, and two threads. */
export async function networkStepRows({ document, effort, wants, yardsticks }: Run): Promise<void> {
  for (const [name, goal] of Object.entries(GOALS)) {
    const id = `step-${name}`;
    if (!wants(id)) continue;
    const work = trainable(makeWork(name));
    const subject = directStep(work);
    const measured = await yardsticks.interleaved([subject], effort);
    const ms = measured.samples(subject.name);
    const rates = gflops(stepFlops(work), ms);
    const { product } = measured.beside(subject.name);
    const detail = `${median(ms).toFixed(1)} ms, ${median(rates).toFixed(1)} GFLOP/s of ${median(product).toFixed(1)} of a large product`;
    document.rows.push(atLeast(id, goal, ratios(rates, product), detail));
  }
  for (const name of ['vgg', 'resnet8']) {
    const id = `step-${name}-threads`;
    if (wants(id)) document.rows.push(await threadsRow(id, trainable(makeWork(name)), 1.85, effort));
  }
}
