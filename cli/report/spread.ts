import { percent } from '../format/numbers.ts';
import { table } from '../terminal/table.ts';
import type { Report } from './report.ts';

/** Of several runs: the mean, and the deviation that other seeds can be expected to have (n − 1). */
export interface Spread {
  mean: number;
  deviation: number;
}

/** What runs of several seeds give together: test errors. */
export interface Summary {
  seeds: number[];
  testSize: number;
  /** Where there is one. */
  ensemble?: Spread;
  student: { hard: Spread; distilled: Spread };
  /** Distilled minus labels, by seed: negative where distillation helps. */
  gain: Spread;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

export function summaryOf(runs: readonly Report[], seeds: readonly number[]): Summary {
  const by = (value: (report: Report) => number) => spreadOf(runs.map(value));
  return {
    seeds: [...seeds],
    testSize: runs[0]!.testSize,
    ...(runs.every(({ ensemble }) => ensemble) && { ensemble: by(({ ensemble }) => ensemble!.testErrors) }),
    student: {
      hard: by(({ student }) => student.hard.testErrors),
      distilled: by(({ student }) => student.distilled.testErrors),
    },
    gain: by(({ student }) => student.distilled.testErrors - student.hard.testErrors),
  };
}

export function summaryTable({ seeds, testSize, ensemble, student, gain }: Summary): string {
  const rows: [string, Spread][] = [
    ...(ensemble ? [['ensemble', ensemble] as [string, Spread]] : []),
    ['student, hard labels', student.hard],
    ['student, distilled', student.distilled],
    ['distilled − labels', gain],
  ];
  return spreadTable(`${seeds.length} seeds`, rows, testSize);
}

export function spreadTable(title: string, rows: readonly [string, Spread][], testSize: number): string {
  return table(
    [title, 'test errors, mean', 'deviation', 'error'],
    rows.map(([name, { mean, deviation }]) => [
      name,
      mean.toFixed(1),
      deviation.toFixed(1),
      percent(mean / testSize, 2),
    ]),
  );
}
