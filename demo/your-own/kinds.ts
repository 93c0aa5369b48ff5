import { DistillError } from 'wasm-distill';
import { type PartName, partOf } from '../../cli/data/parts.ts';
import type { Given, GivenFile } from './messages.ts';

/** Kinds of data by the ends of files' names. */
const KINDS = [
  ['images', /\.(png|jpe?g|zip)$/i],
  ['parquet', /\.parquet$/i],
  ['table', /\.(csv|tsv|jsonl|ndjson|json)(\.gz)?$/i],
  ['arrays', /\.np[yz](\.gz)?$/i],
] as const;

export type Kind = (typeof KINDS)[number][0];

export const TEACHER = /\.(safetensors|onnx)$/i;

/** Whether files of this name can be data. */
export function isData(path: string): boolean {
  return KINDS.some(([, end]) => end.test(path));
}

const MOST_BYTES = 2 ** 30;

/** What kind of data they are, and the files of this kind. @throws DistillError */
export function kindOf({ name, files }: Given): { kind: Kind; files: GivenFile[] } {
  for (const [kind, end] of KINDS) {
    const own = files.filter(({ path }) => end.test(path));
    if (own.length === 0) continue;
    checkSize(name, own);
    return { kind, files: own };
  }
  throw new DistillError(
    'bad-file',
    `${name} is none of the kinds that are read here: give a zip or a folder of PNG and JPEG images, Parquet, CSV, TSV, JSON lines, npy or npz`,
  );
}

/** Images of a folder are read one by one, all else as a whole. */
function checkSize(name: string, files: readonly GivenFile[]): void {
  for (const { source } of files)
    if (source.size > MOST_BYTES)
      throw new DistillError(
        'memory',
        `${name} has ${Math.ceil(source.size / 2 ** 20)} MiB, more than a page can hold (1,024): give a part of it, or use the command line`,
      );
}

const LABELS = /(^|[/_.-])(y|labels?|targets?)([_.-]|$)/i;

/** Files to learn from and to test on, by their names. */
export function partsOf(files: readonly GivenFile[]): { train: GivenFile[]; test: GivenFile[] } {
  const of = (part: PartName) => files.filter(({ path }) => partOf(path) === part);
  const train = files.filter(({ path }) => !['val', 'test'].includes(partOf(path) ?? 'train'));
  // Where all are called so, it is what the whole is called.
  if (train.length === 0) return { train: [...files], test: [] };
  return { train, test: of('test').length > 0 ? of('test') : of('val') };
}

/** An npy has its labels in another one beside it. */
export function isLabels({ path }: GivenFile): boolean {
  return LABELS.test(path);
}
