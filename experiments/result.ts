import type { ModelReport, Report } from '../cli/report/report.ts';
import type { Plot } from './experiment.ts';

/** A line of a finished table. */
export interface ResultRow {
  what: string;
  unit: 'errors' | '%';
  better: 'less' | 'more';
  /** The paper's number, null where it has none. */
  paper: number | null;
  /** Mean over the seeds. */
  ours: number;
  /** Sample standard deviation over the seeds; 0 where there is one value. */
  deviation: number;
  /** What each seed gives; one value where they answer together. */
  each: number[];
  /** What to come up or down to, null where it is only reported. */
  goal: number | null;
  seeds: number[];
  /** SHA-256 of the weights that each seed gives; where these are several models, of their hashes joined by spaces. */
  weightsSha256: string[];
  /** What is wrong with the network of a seed, by its place among the seeds: those of the others are sound. */
  marks?: Record<number, Pick<ModelReport, 'collapsed' | 'silent'>>;
  /** What training took for each seed, its teachers left out. */
  trainingSeconds?: number[];
  /** The mean number of steps until its errors are down to those of another row; null where a seed's never are. */
  stepsTo?: number | null;
  /** Where it lies in the plot, where there is one. */
  at?: { x: number; line: string };
}

export interface Result {
  name: string;
  shows: string;
  /** The paper's numbers are of another task. */
  otherTask: boolean;
  /** Whose numbers `paper` is (default: the paper's). */
  beside?: string;
  /** The paper has no numbers of it. */
  withoutNumbers?: true;
  rows: ResultRow[];
  plot?: Plot;
  /** The row that the others' steps are counted to. */
  stepsTo?: string;
  /** What the rows follow from: the scale, the numbers of images, and all about the models. */
  config: {
    scale: string;
    /** Default: MNIST. */
    data?: string;
    trainingImages: number;
    testImages: number;
    command: string;
    experiment: unknown;
  };
  environment: Report['environment'];
  /** Of this run; models that were found trained took no time. */
  seconds: number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation; 0 of one value. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  const squares = values.map((value) => (value - middle) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (values.length - 1));
}

/** The measured part of a row, from what each seed gives. */
export function measured(each: number[]): Pick<ResultRow, 'ours' | 'deviation' | 'each'> {
  return { ours: mean(each), deviation: deviation(each), each };
}
