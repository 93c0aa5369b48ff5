import { readZip } from '../formats/zip.js';
import { type FolderFile, isSeen } from './image-folder.js';

/**
 * The files of a ZIP, unpacked when they are read. A folder that was packed with its own name, pets/cat/1.png, is opened
 * as if it hadn't been: a file's last folder stays, as it is its class. Throws `bad-file`.
 */
export function zippedFiles(bytes: Uint8Array, name: string): FolderFile[] {
  const entries = readZip(bytes, name).map(({ name: path, read }) => ({
    path: path.replaceAll('\\', '/'),
    source: read,
  }));
  const depth = outerFolders(entries.map(({ path }) => path).filter(isSeen));
  return entries.map(({ path, source }) => ({ path: path.split('/').slice(depth).join('/'), source }));
}

/** How many folders all of them lie in, one in the other, so that a folder is left to the deepest. */
function outerFolders(paths: readonly string[]): number {
  const all = paths.map((path) => path.split('/').slice(0, -1));
  const [first = [], ...others] = all;
  const same = first.findIndex((word, i) => others.some((folders) => folders[i] !== word));
  const deepest = all.reduce((most, { length }) => Math.max(most, length), 0);
  return Math.max(0, Math.min(same < 0 ? first.length : same, deepest - 1));
}
