import type { Dataset } from 'wasm-distill';
import type { TableReading } from 'wasm-distill/data';

/** The data to learn from, and the data on which errors are counted. */
export interface DataPair {
  train: Dataset;
  test: Dataset;
  /** Where there are some, curves and choices go by these, and the test data are looked at once, at the end. */
  validation?: Dataset;
  /** Of tables: how rows became samples. */
  table?: TableReading;
}
