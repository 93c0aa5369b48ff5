import type { TrainJob } from 'wasm-distill/jobs';
import type { Laboratory } from './laboratory.ts';

/**
 * After how many steps a training has at most so many test errors, by its history, which has some 50 epochs of a long one;
 * undefined where it never does. The stages before count.
 */
export async function stepsUntil(
  laboratory: Laboratory,
  job: TrainJob,
  errors: number,
): Promise<number | undefined> {
  const { history } = await laboratory.trained(job);
  const reached = history.find(({ testErrors = Infinity }) => testErrors <= errors);
  return reached && stepsBefore(laboratory, job) + reached.epoch * stepsPerEpoch(laboratory, job);
}

/** Of what a training goes on from. */
function stepsBefore(laboratory: Laboratory, { initial }: TrainJob): number {
  if (initial?.kind !== 'train') return 0;
  return stepsBefore(laboratory, initial) + initial.epochs * stepsPerEpoch(laboratory, initial);
}

function stepsPerEpoch(laboratory: Laboratory, { data, batch = 100 }: TrainJob): number {
  const { size } = laboratory.samplesOf(data);
  return Math.ceil(size / Math.min(batch, size));
}

/** Null where one of them is none. */
export function meanOfAll(values: readonly (number | undefined)[]): number | null {
  const all = values.filter((value) => value !== undefined);
  return all.length < values.length ? null : all.reduce((sum, value) => sum + value, 0) / all.length;
}
