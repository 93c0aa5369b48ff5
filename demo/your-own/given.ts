import type { Given, GivenFile } from './messages.ts';

/** Files that a control has, with their paths from the folder that was chosen. */
export function chosen(files: FileList): Given {
  const list = Array.from(files, (source) => ({ path: source.webkitRelativePath || source.name, source }));
  return named(list);
}

/** Everything that was dropped, folders too. What a drop holds must be asked for at once: it is gone in the next turn. */
export async function dropped({ items, files }: DataTransfer): Promise<Given> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (entries.length === 0) return chosen(files);
  const found: GivenFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return named(found);
}

async function collect(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    const source = await new Promise<File>((resolve, reject) => file.file(resolve, reject));
    found.push({ path, source });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // It tells of a hundred at a time, and of none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const inner of some) await collect(inner, found);
  }
}

/** A folder's own name isn't part of its files' paths. */
function named(files: GivenFile[]): Given {
  const [top = ''] = files[0]?.path.split('/') ?? [];
  const inFolder = files.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`));
  if (inFolder)
    return {
      name: top,
      files: files.map(({ path, source }) => ({ path: path.slice(top.length + 1), source })),
    };
  return { name: files.length > 1 ? `${files.length} files` : top, files };
}
