import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { DistillError, systemReason } from '../../errors.js';
import type { FolderListing, Host } from './host.js';
import { mnistFolder } from './mnist-node.js';
import { openFile } from './open-file.js';
import { threadOf } from './thread-node.js';

/** Without execArgv: [] a thread inherits flags such as --input-type, under which no file can run. */
const options: WorkerOptions = { execArgv: [] };

export const host: Host = {
  name: `node ${process.versions.node}`,
  startThread: (worker) =>
    threadOf(
      worker === undefined
        ? // Of this form bundlers know it as a worker to carry along.
          new Worker(new URL('./worker-node.js', import.meta.url), options)
        : new Worker(worker, options),
    ),
  kernels: async (fast) => {
    const address = fast
      ? new URL('./kernels-fast.wasm', import.meta.url)
      : new URL('./kernels.wasm', import.meta.url);
    return new Uint8Array(await readFile(address));
  },
  hardwareThreads: availableParallelism,
  whyNotShared: () => undefined,
  readFile: (path) => fileAt(path),
  openFile,
  listFolder,
  mnistLocation: mnistFolder,
  memoryLimit: () => {
    // Of Node; other hosts that say they are Node may lack it.
    const report = process.report?.getReport() as { userLimits?: UserLimits } | undefined;
    const bytes = report?.userLimits?.virtual_memory_kbytes?.soft;
    return typeof bytes === 'number' ? bytes : undefined;
  },
};

/** What a process may take, where a number limits it; this one is in bytes despite its name. */
interface UserLimits {
  virtual_memory_kbytes?: { soft: number | string };
}
/** Some archives unpack to folders called like the files in them. */
async function fileAt(path: string, inside = false): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (cause.code === 'ENOENT' || (inside && cause.code === 'EISDIR')) return undefined;
    if (cause.code === 'EISDIR') return fileAt(join(path, basename(path)), true);
    throw new DistillError(
      'missing',
      `${path} can't be read (${systemReason(cause)}): check the path and its permissions`,
      { cause },
    );
  }
}

/** Deeper folders hold nothing that is read, and links may lead round in circles. */
const DEEPEST = 4;

async function listFolder(folder: string | URL): Promise<FolderListing> {
  const top = /^file:/i.test(String(folder)) ? fileURLToPath(folder) : String(folder);
  const listing = { files: [] as { path: string; source: string }[], folders: [] as string[] };
  const walk = async (at: string, prefix: string): Promise<void> => {
    for (const entry of await entriesOf(at)) {
      const place = join(at, entry.name);
      const path = prefix + entry.name;
      if (!(await isFolder(entry, place))) listing.files.push({ path, source: place });
      else if (!entry.name.startsWith('.') && path.split('/').length <= DEEPEST) {
        listing.folders.push(path);
        await walk(place, `${path}/`);
      }
    }
  };
  await walk(top, '');
  return listing;
}

/** A link counts as what it leads to; one that leads nowhere as a file, which can't be read. */
async function isFolder(entry: Dirent, place: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? `there is no folder ${folder}`
        : `${folder} can't be listed (${code === 'ENOTDIR' ? 'it is a file' : systemReason(cause)})`;
    throw new DistillError('missing', `${problem}: check the path`, { cause });
  }
}
