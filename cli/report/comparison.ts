import type { ShownSample } from './report.ts';

/** Teachers and students side by side, on the labeled test samples. */
export interface Comparison extends Partial<Quality> {
  models: ComparedModel[];
  /** Of tables. */
  importance?: Importance;
}

/** What each knows, where there are teachers that can be asked about the test data. */
export interface Quality {
  /** Of each class that there are test samples of; of more than 1,024 classes only those that the student knows least. */
  recall: ClassRecall[];
  /** Which classes are taken for which: the most frequent such mistakes of either student. */
  confusions: ConfusedPair[];
  wrong: { both: WrongSamples; teachersAlone: WrongSamples; studentAlone: WrongSamples };
}

/** Quality, size and speed. What isn't known of a model is left out, never guessed. */
export interface ComparedModel {
  name: string;
  role: 'teacher' | 'ensemble' | 'hard' | 'distilled';
  /** Of its weights, where these aren't f32. */
  bits?: 8;
  testErrors: number;
  /** The share of the labeled test samples that it recognizes. */
  accuracy: number;
  parameters?: number;
  /** Of its file; an ensemble's are its teachers' together, as are its milliseconds. */
  bytes?: number;
  /** Of wasm-distill/infer on one thread, the median of several runs: for one sample, and for 128 at once. */
  milliseconds?: { one: number; batch?: number };
}

/** Recall: the share of a class's samples that is recognized. */
export interface ClassRecall extends Opinions<number> {
  label: number;
  class: string;
  samples: number;
}

/** How many samples of a class are taken for another. */
export interface ConfusedPair extends Opinions<number> {
  label: number;
  predicted: number;
}

/** Something of each that is compared: of the teachers together, and of the student before and after distillation. */
export interface Opinions<T> {
  ensemble: T;
  hard: T;
  distilled: T;
}

export interface WrongSamples {
  count: number;
  /** Those of which the one that is wrong is most certain. */
  samples: WrongSample[];
}

export interface WrongSample extends ShownSample {
  index: number;
  label: number;
  /** What the teachers together, and the distilled student, take it for. */
  ensemble: number;
  distilled: number;
}

/**
 * Permutation importance: how many more errors are made when a feature's numbers are shuffled among these rows, the
 * median of some shuffles.
 */
export interface Importance {
  rows: number;
  shuffles: number;
  /** In the order of the columns; teachers that aren't our networks are left out, as asking them takes long or can't be. */
  features: { name: string; ensemble?: number; distilled: number }[];
}
