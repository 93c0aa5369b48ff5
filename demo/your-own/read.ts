import { type Dataset, DistillError } from 'wasm-distill';
import {
  findImages,
  type LoadImagesOptions,
  loadImages,
  loadNpy,
  loadParquet,
  readTable,
  selectRows,
  type TableDataset,
  type TableDatasetOptions,
  tableDataset,
} from 'wasm-distill/data';
import { readParquet, type Table } from 'wasm-distill/formats';
import { channelsOf, imagesOf } from '../../cli/data/pictures.ts';
import type { Preparation } from '../../cli/data/preparation.ts';
import type { Like } from '../../cli/data/reader.ts';
import { divided, type Places } from './divide.ts';
import { isLabels, type Kind, kindOf, partsOf } from './kinds.ts';
import type { Choices, Given, GivenFile, Reading } from './messages.ts';

/** Data in two parts, as they will be learned from and tested on. */
export interface Read {
  kind: string;
  train: Dataset;
  test: Dataset;
  /** How the inputs came from rows or pictures: students keep it. */
  made: Preparation;
  notes: string[];
}

/** What a kind of data is read as. */
type Raw = Omit<Read, 'kind' | 'test'> &
  Pick<Partial<Read>, 'test'> & { divide?: NonNullable<Parameters<typeof divided>[1]> };

interface Ask extends Reading {
  /** What a given teacher takes. */
  like: Like;
  signal: AbortSignal;
  /** Told what else could be chosen, as soon as it is known: before the data may be refused. */
  offer(choices: Choices): void;
}

const READERS: { [K in Kind]: { title: string; read(files: GivenFile[], ask: Ask): Promise<Raw> } } = {
  images: { title: 'images', read: readImages },
  parquet: { title: 'Parquet', read: readParquets },
  table: { title: 'a table', read: readTables },
  arrays: { title: 'arrays', read: readArrays },
};

/** Reads what was given; where nothing in it is for tests, a fifth of each class is. @throws DistillError */
export async function readData(given: Given, ask: Ask): Promise<Read> {
  const { kind, files } = kindOf(given);
  const reader = READERS[kind];
  const raw = await reader.read(files, ask);
  checkLabeled(raw.train, given.name);
  const { test, divide, ...rest } = raw;
  const read = { ...rest, kind: reader.title };
  if (test) {
    checkLabeled(test, `the test part of ${given.name}`);
    return { ...read, test };
  }
  checkDivisible(raw.train, given.name);
  const parts = divided(raw.train, divide);
  const table = (parts.train as Partial<TableDataset>).reading;
  return {
    ...read,
    ...{ train: parts.train, test: parts.test },
    ...(raw.made.table && { made: { table: table ?? raw.made.table } }),
    notes: [
      ...raw.notes,
      `There are no test data: a fifth of each class, always the same samples, is kept for tests.`,
    ],
  };
}

async function readImages(files: GivenFile[], { size, like, signal, offer }: Ask): Promise<Raw> {
  offer({ images: true });
  const [first] = files;
  const folder = /\.zip$/i.test(first!.path) ? first!.source : files;
  const found = await findImages(folder);
  const wanted = size === undefined ? like.images?.size : ([size, size] as const);
  const options: LoadImagesOptions = {
    signal,
    ...(wanted && { size: wanted }),
    ...(wanted && like.images?.crop && { crop: true }),
    ...(like.channels && { channels: like.channels }),
    ...(like.classNames && { classNames: like.classNames }),
  };
  const train = await loadImages(folder, options);
  const part = found.parts.test ? 'test' : found.parts.val ? 'val' : undefined;
  const alike = { ...options, ...channelsOf(train.inputs.shape), part } as LoadImagesOptions;
  return {
    train,
    ...(part && { test: await loadImages(folder, alike) }),
    made: { images: imagesOf(train.inputs.shape, like.images ?? {}) },
    notes: found.ignored.length > 0 ? [`Not read: ${shortened(found.ignored)}.`] : [],
  };
}

async function readParquets(files: GivenFile[], ask: Ask): Promise<Raw> {
  const { train, test } = partsOf(files);
  const rows = await readParquet(await opened(train));
  const others = test.length > 0 ? await readParquet(await opened(test)) : undefined;
  const image = rows.columns.find(({ values }) => values[0] instanceof Uint8Array);
  if (!image) return readRows(rows, others, train[0]!.path, ask);
  const columns = rows.columns.map(({ name }) => name).filter((name) => name !== image.name);
  ask.offer({ columns, images: true });
  const options = (like: Like) => ({
    image: image.name,
    signal: ask.signal,
    ...(ask.label !== undefined && { label: ask.label }),
    ...(ask.size !== undefined ? { size: ask.size } : like.images && { size: like.images.size }),
    ...(like.channels && { channels: like.channels }),
    ...(like.classNames && { classNames: like.classNames }),
  });
  const data = await loadParquet(sourcesOf(train), options(ask.like));
  const alike = { ...ask.like, classNames: data.classNames, ...channelsOf(data.inputs.shape) };
  return {
    train: data,
    ...(test.length > 0 && { test: await loadParquet(sourcesOf(test), options(alike)) }),
    made: { images: imagesOf(data.inputs.shape, {}) },
    notes: [],
  };
}

async function opened(files: readonly GivenFile[]): Promise<{ name: string; file: Uint8Array }[]> {
  return Promise.all(
    files.map(async ({ path, source }) => ({ name: path, file: new Uint8Array(await source.arrayBuffer()) })),
  );
}

function sourcesOf(files: readonly GivenFile[]): File[] {
  return files.map(({ source }) => source);
}

async function readTables(files: GivenFile[], ask: Ask): Promise<Raw> {
  const { train, test } = partsOf(files);
  if (train.length > 1)
    throw new DistillError(
      'bad-file',
      `there are ${train.length} tables (${shortened(train.map(({ path }) => path))}): give one, or one to learn from and one to test on`,
    );
  const rows = await readTable(train[0]!.source);
  return readRows(rows, test[0] && (await readTable(test[0].source)), train[0]!.path, ask);
}

/** A table's rows, and those of another for tests. */
function readRows(rows: Table, others: Table | undefined, name: string, ask: Ask): Raw {
  const { label, fill, like } = ask;
  const columns = rows.columns.map((column) => column.name);
  ask.offer({ columns, images: false });
  const options: TableDatasetOptions = {
    name,
    ...(label !== undefined && { label }),
    ...(fill && { missing: 'mean' }),
    ...(like.classNames && { classNames: like.classNames }),
    ...(like.table && { like: like.table }),
  };
  const train = tableDataset(rows, options);
  const { classNames } = train;
  const tests = (table: Table, { reading }: TableDataset) => tableDataset(table, { name, like: reading });
  return {
    train,
    ...(others && { test: tests(others, train) }),
    made: { table: train.reading },
    notes: unused(columns, train),
    // Means are of the rows that are learned from.
    ...(fill && {
      divide: ({ train: learned, test }: Places) => {
        const first = tableDataset(selectRows(rows, learned), { ...options, classNames });
        return { train: first, test: tests(selectRows(rows, test), first) };
      },
    }),
  };
}

function unused(columns: readonly string[], { reading }: TableDataset): string[] {
  const left = columns.filter((column) => column !== reading.label && !reading.inputs.includes(column));
  return left.length > 0
    ? [`Not used: ${shortened(left.map((column) => column || 'the first, which counts the rows'))}.`]
    : [];
}

async function readArrays(files: GivenFile[], { like }: Ask): Promise<Raw> {
  const { train, test } = partsOf(files);
  const names = like.classNames && { classNames: like.classNames };
  const load = ([inputs, labels]: [GivenFile, GivenFile | undefined], options = {}) =>
    loadNpy(inputs.source, { ...names, ...(labels && { labelsFrom: labels.source }), ...options });
  const first = await load(pairOf(train));
  const tests =
    test.length > 0 ? await load(pairOf(test)) : await load(pairOf(train), { part: 'test' }).catch(isAbsent);
  return { train: first, ...(tests && { test: tests }), made: {}, notes: [] };
}

/** An npy has no parts, an npz may have none for tests. */
function isAbsent(error: unknown): undefined {
  if (error instanceof DistillError && ['missing', 'bad-argument'].includes(error.code)) return undefined;
  throw error;
}

/** Inputs, and their labels where these have a file of their own. */
function pairOf(files: readonly GivenFile[]): [GivenFile, GivenFile | undefined] {
  const labels = files.find(isLabels);
  const inputs = files.find((file) => file !== labels) ?? files[0]!;
  return [inputs, inputs === labels ? undefined : labels];
}

function checkLabeled({ labels }: Dataset, name: string): void {
  if (labels.every((label) => label < 0))
    throw new DistillError(
      'bad-file',
      `${name} has no labels: put images into one folder a class, or give a table with a column of labels`,
    );
}

function checkDivisible({ size, classes }: Dataset, name: string): void {
  if (size < 10 || classes < 2)
    throw new DistillError(
      'bad-file',
      `${name} has ${size} samples of ${classes} ${classes === 1 ? 'class' : 'classes'}: give at least ten, of at least two classes`,
    );
}

function shortened(names: readonly string[]): string {
  return names.length > 5
    ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} others`
    : names.join(', ');
}
