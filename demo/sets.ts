import { type Dataset, take } from 'wasm-distill';
import type { DataReference } from 'wasm-distill/jobs';
import type { Sets } from '../cli/training/sets.ts';
import type { Settings } from './settings.ts';

export interface Mnist {
  train: Dataset;
  test: Dataset;
}

/** What jobs call the data of a run. */
export interface References {
  train: DataReference;
  test: DataReference;
  /** The images that both students see. */
  seen: DataReference;
}

export async function referencesIn(
  sets: Sets,
  { images }: Settings,
  { train, test }: Mnist,
): Promise<References> {
  return {
    train: await sets.reference('the training images', train),
    test: await sets.reference('the test images', test),
    seen: await sets.reference('the images that students see', take(train, images)),
  };
}
