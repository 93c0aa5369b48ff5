import { stat } from 'node:fs/promises';
import { DistillError } from 'wasm-distill';
import { systemError } from '../files/system-errors.ts';
import { kindOf, unlessAbsent } from '../files/targets.ts';
import { isPattern, matches } from './glob.ts';

/** Where data are: a folder, a file, or the files that a pattern matches. */
export interface Place {
  /** As it was typed: what messages call it. */
  readonly name: string;
  /** A folder's path. */
  readonly folder?: string;
  /** Paths of files, in order; none of a folder. */
  readonly files: readonly string[];
  /** Test data are elsewhere, so that none are looked for beside a file. */
  readonly alone?: boolean;
}

/**
 * What a typed path leads to. Backslashes are tried as slashes where nothing is called so: commands written down on
 * Windows work elsewhere.
 * @throws DistillError 'missing' where nothing is there.
 */
export async function placeOf(text: string): Promise<Place> {
  for (const path of [text, ...(text.includes('\\') ? [text.replaceAll('\\', '/')] : [])]) {
    const place = await placeAt(path, text);
    if (place) return place;
  }
  throw new DistillError(
    'missing',
    isPattern(text)
      ? `no file matches ${text}: check the path`
      : `there is no folder ${text}, and no file of that name: check the path, or give mnist`,
  );
}

async function placeAt(path: string, name: string): Promise<Place | undefined> {
  const kind = await kindOf(path).catch((error: unknown) => {
    throw systemError(path, 'read', error);
  });
  if (kind === 'folder') return { name, folder: path, files: [] };
  if (kind === 'file') return { name, files: [path] };
  if (kind !== 'nothing')
    throw new DistillError('bad-file', `${name} is a pipe or a device: save the data in a file`);
  const files = isPattern(path) ? await matches(path) : [];
  return files.length > 0 ? { name, files } : undefined;
}

export async function isFile(path: string): Promise<boolean> {
  return (await unlessAbsent(stat(path)).catch(() => undefined))?.isFile() ?? false;
}
