import type { Dataset } from 'wasm-distill';
import type { Preparation } from '../data/preparation.ts';
import type { Data } from '../data/reader.ts';

/** The data to learn from, and the data on which errors are counted. */
export interface DataPair extends Preparation {
  train: Data;
  /** Samples that tell what is made of the training data: all of them, or some of a stream. */
  some: Dataset;
  test: Dataset;
  /** Where there are some, curves and choices go by these, and the test data are looked at once, at the end. */
  validation?: Dataset;
}
