import { atLeast, atMost } from './document.ts';
import { median, ratios, type Samples } from './measure.ts';
import { batchNormSubject, maxPoolSubjects } from './norm.ts';
import { copyOf } from './probes.ts';
import type { Run } from './run.ts';

/** Activations of steps of batch 100: what the first and the second stage of a small network have. */
const SHAPES = [
  [100, 28, 28, 32],
  [100, 14, 14, 64],
] as const;

const bytesOf = (shape: readonly number[]) => 4 * shape.reduce((all, n) => all * n, 1);

/** Rows about what is bound by memory: in copies of the activation, and in shares of a copy's bandwidth. */
export async function normRows(run: Run): Promise<void> {
  if (run.wants('batch-norm')) await batchNormRow(run);
  if (run.wants('max-pool')) await maxPoolRows(run);
}

/** The slower of both shapes. Batch norm holds four arrays: x and the output's gradient, the output and x's gradient. */
async function batchNormRow({ document, effort, yardsticks }: Run): Promise<void> {
  const copies: Samples[] = [];
  const times: string[] = [];
  for (const shape of SHAPES) {
    const [norm, copy] = [batchNormSubject(shape), copyOf(bytesOf(shape), 2)];
    const measured = await yardsticks.interleaved([copy, norm], effort);
    copies.push(ratios(measured.samples(norm.name), measured.samples(copy.name)));
    times.push(`${median(measured.samples(norm.name)).toPrecision(3)} ms`);
  }
  const slower = copies[0]!.map((value, i) => Math.max(value, copies[1]![i]!));
  const each = SHAPES.map(
    (shape, i) => `${shape.join('x')} ${median(copies[i]!).toFixed(2)} (${times[i]})`,
  ).join(', ');
  const detail = `forward and backward with ReLU, in copies of the activation: ${each}`;
  document.rows.push(atMost('batch-norm', 5, slower, detail));
}

async function maxPoolRows({ document, effort, yardsticks }: Run): Promise<void> {
  const [shape] = SHAPES;
  const { forward, backward } = maxPoolSubjects(shape);
  const copy = copyOf(bytesOf(shape));
  const measured = await yardsticks.interleaved([copy, forward, backward], effort);
  // Arrays of the input's size that are read or written: a copy moves two of them.
  const moved = { [forward.name]: 1.25, [backward.name]: 2.25 };
  for (const { name } of [forward, backward]) {
    const shares = ratios(measured.samples(copy.name), measured.samples(name)).map(
      (faster) => (faster * moved[name]!) / 2,
    );
    const [own, whole] = [name, copy.name].map((each) => median(measured.samples(each)).toPrecision(3));
    const detail = `of a copy's bandwidth, 2x2 of ${shape.join('x')}: ${own} ms, a copy ${whole}`;
    document.rows.push(atLeast(name, 0.95, shares, detail));
  }
}
