import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemError } from '../files/system-errors.ts';
import { counted } from '../format/numbers.ts';
import { byPart, type FilesByPart } from './parts.ts';
import { isFile, type Place } from './place.ts';

/**
 * A place's files of one kind by part: those of a folder, of its folders too if `deep`, or those given. Beside a single
 * file for training, one of the same name for tests counts as such: train.csv and test.csv.
 */
export async function filesOf(place: Place, suffix: RegExp, deep = false): Promise<FilesByPart> {
  if (place.folder !== undefined) {
    const found = await listed(place.folder, deep);
    return byPart(
      found.filter((path) => suffix.test(path)).map((path) => join(place.folder!, path)),
      place.name,
    );
  }
  const [only, ...others] = place.files;
  if (others.length > 0) return byPart(place.files, place.name);
  if (place.alone) return { train: [only!], val: [], test: [], ignored: [] };
  const beside = only!.replace(/(^|[^a-z])train(?=[^/\\]*$)/i, (word) =>
    word.replace(/train/i, (train) => (train === 'TRAIN' ? 'TEST' : train[0] === 'T' ? 'Test' : 'test')),
  );
  const test = beside !== only && (await isFile(beside)) ? [beside] : [];
  return { train: [only!], val: [], test, ignored: [] };
}

async function listed(folder: string, deep: boolean): Promise<string[]> {
  const names = await readdir(folder, { recursive: deep }).catch((error: unknown) => {
    throw systemError(folder, 'read', error);
  });
  return names.filter((name) => !/(^|[/\\])\./.test(name)).sort();
}

/** Several files of a part, in a sentence. */
export function filesNote(files: readonly string[]): string[] {
  return files.length > 1
    ? [`${counted(files.length, 'file')} to learn from, in the order of their names`]
    : [];
}

/** What is left aside of a folder, in a sentence. */
export function ignoredNote(ignored: readonly string[]): string[] {
  if (ignored.length === 0) return [];
  const some = ignored.slice(0, 3).join(', ');
  return [`not read: ${some}${ignored.length > 3 ? ` and ${ignored.length - 3} more` : ''}`];
}
