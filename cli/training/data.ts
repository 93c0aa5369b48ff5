import type { Dataset } from 'wasm-distill';
import type { Preparation } from '../data/preparation.ts';

/** The data to learn from, and the data on which errors are counted. */
export interface DataPair extends Preparation {
  train: Dataset;
  test: Dataset;
  /** Where there are some, curves and choices go by these, and the test data are looked at once, at the end. */
  validation?: Dataset;
}
