import type { Cell } from './cell.ts';
import { HELD_OUT } from './data-sets.ts';

/** How a network did on the test samples. */
export interface Count {
  errors: number;
  /** Whether the library told that it had collapsed. */
  collapsed: boolean;
}

/** What was measured of a cell. */
export interface Measured {
  cell: Cell;
  /** Test samples, and how many of them a constant answer gets wrong. */
  of: number;
  constant: number;
  teacher: Count;
  labels: Count;
  distilled: Count;
}

/** A cell with what follows from its counts. */
export interface Judged extends Measured {
  /** Errors of the distilled student to those of the one on labels; 0 errors count as a half. */
  ratio: number;
  /** Networks that learned next to nothing. */
  dead: ('labels' | 'distilled')[];
  /** More errors than on labels, by over two deviations of the difference. */
  worse: boolean;
}

export interface Summary {
  cells: number;
  /** Cells with a dead network. */
  dead: number;
  /** Cells with a network that the library called collapsed. */
  collapsed: number;
  worse: number;
  /** Cells whose distilled student is not worse, as a share. */
  notWorse: number;
  /** Cells of at most 5,000 samples, and the geometric mean of their ratios; NaN where there are none. */
  small: number;
  ratio: number;
}

export const GOALS = { dead: 0, notWorse: 0.99, ratio: 0.8 } as const;

/** The most samples for which the ratio has a goal. */
const SMALL = 5000;

/**
 * Judges cells together. A network is dead if it is more than half of the way from the fewest errors that any student
 * has on the same samples to those of a constant answer: what counts as few depends on the data, and is a tenth of all
 * test samples for one, and half for another.
 */
export function judge(measured: readonly Measured[]): Judged[] {
  const fewest = new Map<string, number>();
  for (const { cell, labels, distilled } of measured)
    fewest.set(
      samplesOf(cell),
      Math.min(fewest.get(samplesOf(cell)) ?? Infinity, labels.errors, distilled.errors),
    );
  return measured.map((one) => {
    const { cell, of, constant, labels, distilled } = one;
    const most = (fewest.get(samplesOf(cell))! + constant) / 2;
    return {
      ...one,
      ratio: Math.max(distilled.errors, 0.5) / Math.max(labels.errors, 0.5),
      dead: (['labels', 'distilled'] as const).filter((who) => one[who].errors > most),
      worse: distilled.errors - labels.errors > 2 * deviation(labels.errors, distilled.errors, of),
    };
  });
}

const samplesOf = ({ data, size }: Cell) => `${data} ${size}`;

/** Of the difference of two counts of errors among as many samples each, as if these were different samples. */
export function deviation(first: number, second: number, of: number): number {
  const variance = (errors: number) => errors * (1 - errors / of);
  return Math.sqrt(variance(first) + variance(second));
}

export function summarize(judged: readonly Judged[]): Summary {
  const cells = judged.length;
  const count = (test: (one: Judged) => boolean) => judged.filter(test).length;
  const worse = count((one) => one.worse);
  const small = judged.filter(({ cell }) => cell.size !== 'all' && cell.size <= SMALL);
  const logarithms = small.reduce((sum, { ratio }) => sum + Math.log(ratio), 0);
  return {
    cells,
    dead: count(({ dead }) => dead.length > 0),
    collapsed: count(({ labels, distilled }) => labels.collapsed || distilled.collapsed),
    worse,
    notWorse: (cells - worse) / cells,
    small: small.length,
    ratio: Math.exp(logarithms / small.length),
  };
}

/** The cells that a recipe may be tuned by, those kept out of it, and each data set's, as far as there are any. */
export function parts(judged: readonly Judged[]): [string, Judged[]][] {
  const isHeldOut = ({ cell }: Judged) => HELD_OUT.includes(cell.data);
  const names = [...new Set(judged.map(({ cell }) => cell.data))];
  const all: [string, Judged[]][] = [
    ['all but held out', judged.filter((one) => !isHeldOut(one))],
    ['held out', judged.filter(isHeldOut)],
    ...names.map((name): [string, Judged[]] => [name, judged.filter(({ cell }) => cell.data === name)]),
  ];
  return all.filter(([, cells]) => cells.length > 0);
}
