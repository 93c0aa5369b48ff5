import { DistillError } from 'wasm-distill';

export type PartName = 'train' | 'val' | 'test';

/** Files by what their names say they are for. */
export interface FilesByPart {
  train: string[];
  val: string[];
  test: string[];
  /** Where some files are for training by their names, those that say nothing. */
  ignored: string[];
}

const WORDS: readonly (readonly [PartName, RegExp])[] = [
  ['train', /(^|[^a-z])train/i],
  ['val', /(^|[^a-z])(val|dev|valid|validation)([^a-z]|$)/i],
  ['test', /(^|[^a-z])test/i],
];

/** The part that a file's name speaks of, or else those of the folders around it, from the inside. */
export function partOf(path: string): PartName | undefined {
  for (const word of path.split(/[/\\]/).reverse())
    for (const [part, expression] of WORDS) if (expression.test(word)) return part;
  return undefined;
}

/**
 * Sorts files by part. Where none is for training by its name, those whose names say nothing are.
 * @throws DistillError 'bad-file' where nothing is left to train on.
 */
export function byPart(paths: readonly string[], name: string): FilesByPart {
  const of = (part: PartName | undefined) => paths.filter((path) => partOf(path) === part);
  const [train, unsaid] = [of('train'), of(undefined)];
  const parts = { val: of('val'), test: of('test') };
  if (train.length > 0) return { ...parts, train, ignored: unsaid };
  if (unsaid.length > 0) return { ...parts, train: unsaid, ignored: [] };
  throw new DistillError(
    'bad-file',
    `${name}: all its files are called as test or validation data are: name the training data with --data, the others with --test`,
  );
}
