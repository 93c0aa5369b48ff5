import type { Dataset } from 'wasm-distill';

/** What is learned from, and what errors are counted on. */
export interface DataPair {
  train: Dataset;
  test: Dataset;
}
