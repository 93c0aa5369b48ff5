import type { Bytes } from '../../arrays.js';
import type { Slices } from '../../formats/parquet-pages.js';

/** A thread as the engine sees it, whatever the host. */
export interface Thread {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with a sentence, when the thread can't go on. */
  onDeath(listener: (why: string) => void): void;
  /** Whether the thread keeps the process alive. */
  keepAlive(alive: boolean): void;
  terminate(): Promise<void>;
}

export interface FolderListing {
  readonly files: readonly { readonly path: string; readonly source: string | URL }[];
  readonly folders: readonly string[];
}

/** What differs between Node and browsers; `#host` resolves to one of two files of this shape. */
export interface Host {
  readonly name: string;
  /** Starts the script at this address, or else this package's own. */
  startThread(worker: string | URL | undefined): Thread;
  /** The bytes of the kernels whose results are the same everywhere, or of those with fused multiply-add. */
  kernels(fast: boolean): Promise<Bytes>;
  hardwareThreads(): number;
  /** Undefined if threads can share memory, else why they can't. */
  whyNotShared(): string | undefined;
  /** The bytes of a file or address; undefined where there is none. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** A file that is read in parts, by position; what has to be fetched is fetched whole. */
  openFile(place: string | URL): Promise<Slices>;
  /** All files and folders in a folder, at any depth: paths from there, with slashes. */
  listFolder(folder: string | URL): Promise<FolderListing>;
  /** Where MNIST's files are. @throws DistillError 'missing' if the host doesn't know. */
  mnistLocation(): string;
  /** How many bytes of addresses a process may take, if that is limited. */
  memoryLimit(): number | undefined;
}
