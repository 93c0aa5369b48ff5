import type { Dataset } from 'wasm-distill';

/** The data to learn from, and the data on which errors are counted. */
export interface DataPair {
  train: Dataset;
  test: Dataset;
}
