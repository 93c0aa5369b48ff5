import { atMost } from './document.ts';
import { interleaved, median, ratios } from './measure.ts';
import { objectiveStep, objectiveWork } from './objective-steps.ts';
import type { Run } from './run.ts';

/** Times of KD at most, the student with batch norm or, where gradients are each sample's own, without. */
const GOALS: Readonly<Record<string, { goal: number; beside: string }>> = {
  ...Object.fromEntries(
    ['attention', 'similarity', 'probabilistic', 'congruence', 'relational'].map((name) => [
      name,
      { goal: 1.5, beside: 'objective-kd' },
    ]),
  ),
  gradient: { goal: 4, beside: 'objective-kd-bare' },
  symmetric: { goal: 4, beside: 'objective-kd-bare' },
};

/** Rows about steps of one small student by each objective, over steps by KD with the same teacher in the step. */
export async function objectiveRows({ document, effort, wants }: Run): Promise<void> {
  for (const [name, { goal, beside }] of Object.entries(GOALS)) {
    const id = `objective-${name}`;
    if (!wants(id)) continue;
    const [own, kd] = [id, beside].map((work) => objectiveStep(objectiveWork(work)));
    const samples = await interleaved([own!, kd!], effort);
    const [ms, kdMs] = [samples.get(id)!, samples.get(beside)!];
    const detail = `times that of KD from the same teacher in the step; ${median(ms).toFixed(2)} ms, KD ${median(kdMs).toFixed(2)}`;
    document.rows.push(atMost(id, goal, ratios(ms, kdMs), detail));
  }
}
