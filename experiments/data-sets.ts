import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, DistillError, loadMnist, select } from 'wasm-distill';
import { loadParquet, pairs } from 'wasm-distill/data';
import type { Task } from './samples.ts';

interface DataSet {
  /** As results name it. */
  title: string;
  /** Of one sample, and how many there are to learn from: known before anything is loaded. */
  shape: readonly number[];
  classes: number;
  images: number;
  /** `folder` is for those that no package has (default: where they usually lie). */
  load(folder?: string): Promise<Task>;
}

const FASHION = '/usr/share/datasets/fashion-mnist';
const CIFAR = '../shared/data';

/** What experiments learn from, by the name that they have it by. */
export const dataSets = {
  mnist: {
    ...{ title: 'MNIST', shape: [28, 28, 1], classes: 10, images: 60_000 },
    load: () => loadMnist(),
  },
  'fashion-mnist': {
    ...{ title: 'Fashion-MNIST', shape: [28, 28, 1], classes: 10, images: 60_000 },
    load: async (folder = FASHION) => {
      demandPath(folder, 'Fashion-MNIST', 'apt-get install dataset-fashion-mnist puts it there');
      return loadMnist(folder);
    },
  },
  'cifar-10': {
    ...{ title: 'CIFAR-10', shape: [32, 32, 3], classes: 10, images: 50_000 },
    load: async (folder = CIFAR) => {
      const [train, test] = ['cifar10-train.parquet', 'cifar10-test.parquet'] as const;
      const remedy = `put ${train} and ${test} there, each with a column of images and one of labels`;
      for (const file of [train, test]) demandPath(join(folder, file), 'CIFAR-10', remedy);
      return {
        train: shuffled(await loadParquet(join(folder, train))),
        test: await loadParquet(join(folder, test)),
      };
    },
  },
  'digit-pairs': {
    ...{ title: 'pairs of MNIST digits', shape: [14, 28, 1], classes: 100, images: 60_000 },
    load: async () => {
      const { train, test } = await loadMnist();
      return {
        train: pairs(train, { seed: 1, count: 60_000 }),
        test: pairs(test, { seed: 2, count: 10_000 }),
      };
    },
  },
} as const satisfies Record<string, DataSet>;

export type DataName = keyof typeof dataSets;

/** One of them, whichever it is. */
export function dataSet(name: DataName = 'mnist'): DataSet {
  return dataSets[name];
}

/** In one order for all: where classes take turns, as they may in a file, every tenth image is of the same one. */
function shuffled(data: Dataset): Dataset {
  const order = Array.from({ length: data.size }, (_, i) => ({ i, hash: mixed(i) }));
  return select(
    data,
    order.sort((a, b) => a.hash - b.hash || a.i - b.i).map(({ i }) => i),
  );
}

/** The last step of MurmurHash3 (Appleby), which spreads neighboring numbers over all 32 bits. */
function mixed(number: number): number {
  let hash = number + 1;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function demandPath(path: string, title: string, remedy: string): void {
  if (!existsSync(path)) throw new DistillError('missing', `${title}: there is no ${path}; ${remedy}`);
}
