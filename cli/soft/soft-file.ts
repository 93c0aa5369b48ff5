import { DistillError } from 'wasm-distill';
import {
  decodeNpy,
  decodeSafetensors,
  decodeSoftTargets,
  gunzip,
  type NumericArray,
  openParquet,
  parseCsv,
  parseJsonl,
  readNpz,
  readParquet,
  type TextArray,
} from 'wasm-distill/formats';
import type { OutputKind } from 'wasm-distill/objectives';
import { arrayIds, tensorArrays } from '../data/ids.ts';
import { read } from '../files/run-files.ts';
import { UsageError } from '../terminal/usage.ts';
import { rowsOfTable } from './soft-table.ts';

/** Outputs made elsewhere, as a file has them. */
export interface SoftRows {
  /** [rows, columns] */
  values: Float64Array;
  rows: number;
  columns: number;
  /** What the file says of them, if anything. */
  kind?: OutputKind;
  temperature?: number;
  /** Of the columns, in order. */
  classNames?: readonly string[];
  /** One for each row, where that was asked for. */
  ids?: readonly string[];
  /** SHA-256 of the samples that they are of: in files that soften made. */
  transferSet?: string;
}

export interface SoftAsk {
  /** The column or array with an id for each row. */
  id?: string | undefined;
  /** Of the data: a table's columns may be called so. */
  classNames: readonly string[];
}

/** Reads outputs, by the end of the file's name. @throws DistillError, UsageError */
export async function readSoft(file: string, ask: SoftAsk): Promise<SoftRows> {
  const parse = parserOf(file); // What no file of outputs is called isn't read.
  const bytes = await read(file);
  return parse(/\.gz$/i.test(file) ? await gunzip(bytes, file) : bytes, file, ask);
}

/** Outputs in the bytes of a file, unpacked, which is of the kind that the end of its name says. */
export async function parseSoft(bytes: Uint8Array, file: string, ask: SoftAsk): Promise<SoftRows> {
  return parserOf(file)(bytes, file, ask);
}

type Parse = (bytes: Uint8Array, file: string, ask: SoftAsk) => SoftRows | Promise<SoftRows>;

function parserOf(file: string): Parse {
  const end = /\.([a-z]+)(\.gz)?$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const found = Object.hasOwn(parsers, end) ? parsers[end] : undefined;
  if (found) return found;
  const ends = Object.keys(parsers).map((each) => `.${each}`);
  throw new UsageError(`--soft ${file}: files of outputs end with ${ends.join(', ')}`);
}

const lines: Parse = (bytes, file, ask) => rowsOfTable(parseJsonl(bytes, file), file, ask);

const parsers: Readonly<Record<string, Parse>> = {
  npy: (bytes, file, { id }) => {
    if (id !== undefined)
      throw new UsageError(`--soft-id: ${file} is one array, which has no ids: leave it out, or give npz`);
    return rowsOfArray(decodeNpy(bytes, file), file);
  },
  npz: (bytes, file, { id }) => rowsOfArrays(readNpz(bytes, file), file, id),
  safetensors: (bytes, file, { id }) => {
    const { tensors, metadata } = decodeSafetensors(bytes, file);
    if (metadata.format === 'wasm-distill soft targets') return ownSoft(bytes, file);
    return { ...rowsOfArrays(tensorArrays(tensors, file), file, id), ...saidIn(metadata, file) };
  },
  parquet: async (bytes, file, ask) => {
    const opened = await openParquet(bytes, file);
    const found = rowsOfTable(await readParquet([{ name: file, file: opened }]), file, ask);
    return { ...found, ...saidIn(opened.metadata, file) };
  },
  csv: (bytes, file, ask) => rowsOfTable(parseCsv(bytes, file), file, ask),
  tsv: (bytes, file, ask) => rowsOfTable(parseCsv(bytes, file, { delimiter: '\t' }), file, ask),
  ...{ jsonl: lines, ndjson: lines, json: lines },
};

function ownSoft(bytes: Uint8Array, file: string): SoftRows {
  const { augment, probabilities, classes, temperature, transferSet } = decodeSoftTargets(bytes, file);
  if (augment.length > 0)
    throw new DistillError(
      'mismatch',
      `--soft ${file}: these soft targets are of augmented views, which distill doesn't train on: make them with soften`,
    );
  return {
    values: Float64Array.from(probabilities),
    ...{ rows: probabilities.length / classes, columns: classes },
    ...({ kind: 'probabilities' } as const),
    ...{ temperature, transferSet },
  };
}

/** What arrays of outputs are called, and what they are then. */
const CALLED: readonly (readonly [string, OutputKind | undefined])[] = [
  ['logits', 'logits'],
  ['probabilities', 'probabilities'],
  ['probs', 'probabilities'],
  ['soft', undefined],
  ['outputs', undefined],
];

function rowsOfArrays(
  arrays: ReadonlyMap<string, () => NumericArray | TextArray>,
  file: string,
  id: string | undefined,
): SoftRows {
  const others = [...arrays.keys()].filter((name) => name !== id && name !== 'temperature');
  const [name, kind] = CALLED.find(([called]) => arrays.has(called)) ?? [
    others.length === 1 ? others[0]! : '',
    undefined,
  ];
  const found = arrays.get(name);
  if (!found)
    throw new DistillError(
      'bad-file',
      `--soft ${file}: none of its arrays is called ${CALLED.map(([called]) => called).join(', ')}; there are ${[...arrays.keys()].join(', ')}`,
    );
  const temperature = Number(arrays.get('temperature')?.().data[0]);
  return {
    ...rowsOfArray(found(), file),
    ...(kind && { kind }),
    ...(temperature > 0 && { temperature }),
    ...(id !== undefined && { ids: arrayIds(arrays, id, file) }),
  };
}

function rowsOfArray({ shape, data }: NumericArray | TextArray, file: string): SoftRows {
  const [rows = 0, columns = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || rows === 0 || columns === 0 || typeof data[0] === 'string')
    throw new DistillError(
      'bad-file',
      `--soft ${file}: an array of [${shape}]${typeof data[0] === 'string' ? ' texts' : ''} is there, where numbers [rows, classes], or [rows] of two classes, are due`,
    );
  return { values: Float64Array.from(data as ArrayLike<number | bigint>, Number), rows, columns };
}

/** What a file's metadata say of its rows. */
function saidIn(
  { format, temperature, classNames, transferSet }: Readonly<Record<string, string>>,
  file: string,
): Pick<SoftRows, 'temperature' | 'classNames' | 'transferSet'> {
  const isOwn = format === 'wasm-distill logits' || format === 'wasm-distill soft targets';
  return {
    ...(Number(temperature) > 0 && { temperature: Number(temperature) }),
    ...(classNames !== undefined && { classNames: namesIn(classNames, file) }),
    ...(isOwn && transferSet !== undefined && { transferSet }),
  };
}

function namesIn(text: string, file: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // Said below.
  }
  throw new DistillError('bad-file', `--soft ${file}: the class names in its metadata are no list of texts`);
}
