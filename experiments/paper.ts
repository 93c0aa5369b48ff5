import type { Experiment } from './experiment.ts';

/** A paper whose tables are made again, or whose claims are tried, by experiments that are found by their names. */
export interface Paper {
  /** What a person types for all of its experiments; no experiment has it, and none that of another paper's. */
  name: string;
  /** Its authors and year. */
  title: string;
  /** What its results are kept in. */
  folder: string;
  /** What the document of results begins with, as Markdown. */
  introduction: string;
  /** At the paper's size, and as small as shows the same ordering in minutes; the names are the same. */
  full: Scaled;
  quick: Scaled;
}

/** Experiments of one size. */
export interface Scaled {
  /** Only the first training images (default: all). */
  limit?: number | undefined;
  experiments: readonly Experiment[];
}
