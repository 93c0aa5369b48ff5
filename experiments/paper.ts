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

/** How many images there are. */
export interface Limits {
  /** Only the first training images (default: all). */
  limit?: number | undefined;
  /** Only the first test images (default: all): small trainings would count errors for most of the time. */
  tested?: number | undefined;
}

/** Experiments of one size. */
export interface Scaled extends Limits {
  experiments: readonly Experiment[];
}
