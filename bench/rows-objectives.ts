import { atMost, reported } from './document.ts';
import { interleaved, median, ratios } from './measure.ts';
import { objectiveStep, objectiveWork } from './objective-steps.ts';
import type { Run } from './run.ts';

interface Compared {
  /** Times of KD at most (default: it is only reported). */
  goal?: number;
  /** KD from the same teacher, of the same student: with batch norm or, where gradients are each sample's own, without. */
  beside?: string;
}

/** Objectives of maps and of relations, that by gradients of gradients, and the rest. */
const COMPARED: Readonly<Record<string, Compared>> = {
  attention: { goal: 1.5 },
  fsp: { goal: 1.5, beside: 'objective-kd-even' },
  similarity: { goal: 1.5 },
  probabilistic: { goal: 1.5 },
  congruence: { goal: 1.5 },
  relational: { goal: 1.5 },
  darkrank: { goal: 1.5 },
  gradient: { goal: 4, beside: 'objective-kd-bare' },
  symmetric: { goal: 4, beside: 'objective-kd-bare' },
  hints: {},
  decoupled: {},
  dist: {},
  standardized: {},
  logits: {},
  verification: {},
  triplet: {},
  mutual: {},
  'self-distillation': {},
};

/** Rows about steps of one small student by each objective, over steps by KD with the same teacher in the step. */
export async function objectiveRows({ document, effort, wants }: Run): Promise<void> {
  for (const [name, { goal, beside = 'objective-kd' }] of Object.entries(COMPARED)) {
    const id = `objective-${name}`;
    if (!wants(id)) continue;
    const [own, kd] = [id, beside].map((work) => objectiveStep(objectiveWork(work)));
    const samples = await interleaved([own!, kd!], effort);
    const [ms, kdMs] = [samples.get(id)!, samples.get(beside)!];
    const detail = `times that of KD from the same teacher in the step; ${median(ms).toFixed(2)} ms, KD ${median(kdMs).toFixed(2)}`;
    const times = ratios(ms, kdMs);
    document.rows.push(goal === undefined ? reported(id, times, detail) : atMost(id, goal, times, detail));
  }
}
