import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { isFolder } from '../files/run-files.ts';
import { systemError } from '../files/system-errors.ts';
import type { KindName } from './kinds.ts';
import type { Place } from './place.ts';

/** Ends of names, those of unpacked .gz. */
const SUFFIXES: readonly (readonly [KindName, RegExp])[] = [
  ['parquet', /\.parquet$/i],
  ['images', /\.(png|jpe?g)$/i],
  ['idx', /[-.]idx\d-ubyte(\.gz)?$/i],
  ['npz', /\.npz$/i],
  ['npy', /\.npy(\.gz)?$/i],
  ['safetensors', /\.safetensors(\.gz)?$/i],
  ['table', /\.(csv|tsv|jsonl|ndjson|json)(\.gz)?$/i],
];

/** The order in which a folder's contents are believed: tables and arrays may lie beside folders of images. */
const IN_FOLDERS = ['idx', 'parquet', 'images', 'npz', 'npy', 'safetensors', 'table'] as const;

export function suffixKind(path: string): KindName | undefined {
  return SUFFIXES.find(([, expression]) => expression.test(path))?.[0];
}

/** What kind of data is there. @throws DistillError 'missing' for a folder with none. */
export async function detect(place: Place): Promise<KindName> {
  if (place.folder !== undefined) return inFolder(place.folder, place.name);
  const file = place.files[0]!;
  return suffixKind(file) ?? byStart(await startOf(file));
}

/** Folders deeper than train/class aren't searched, nor more than these. */
const DEEPEST = 2;
const MOST_FOLDERS = 2000;

async function inFolder(folder: string, name: string): Promise<KindName> {
  const found = await kindsIn(folder);
  const kind = IN_FOLDERS.find((each) => found.has(each));
  if (kind) return kind;
  throw new DistillError(
    'missing',
    `${name}: there is no train-images-idx3-ubyte in it, no image, Parquet, CSV, JSONL, npy, npz or safetensors either: give a folder with some`,
  );
}

/** Kinds by the names at the top; inside of folders only images and Parquet are looked for. */
async function kindsIn(folder: string): Promise<Set<KindName>> {
  const queue = [{ path: folder, depth: 0 }];
  const found = new Set<KindName>();
  for (let left = MOST_FOLDERS; queue.length > 0 && left > 0; left--) {
    const { path: at, depth } = queue.shift()!;
    for (const { path, isFolder } of await entries(at)) {
      // What is packed in folders called like its files, as Kaggle has MNIST, is found by these.
      const kind = suffixKind(path);
      if (kind && (depth === 0 || kind === 'images' || kind === 'parquet')) found.add(kind);
      if (isFolder && depth < DEEPEST) queue.push({ path, depth: depth + 1 });
    }
    if (['idx', 'parquet', 'images'].some((kind) => found.has(kind as KindName))) break;
  }
  return found;
}

async function entries(folder: string): Promise<{ path: string; isFolder: boolean }[]> {
  const listed = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw systemError(folder, 'read', error);
  });
  const seen = listed.filter(({ name }) => !name.startsWith('.'));
  return Promise.all(
    seen.map(async (entry) => {
      const path = join(folder, entry.name);
      return { path, isFolder: entry.isSymbolicLink() ? await isFolder(path) : entry.isDirectory() };
    }),
  );
}

async function startOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw systemError(file, 'read', error);
  }
}

/** Of files whose names say nothing. What nothing else begins like is taken for a table. */
function byStart(bytes: Uint8Array): KindName {
  const text = String.fromCharCode(...bytes);
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('PK')) return 'npz';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (text.startsWith('\x89PNG') || text.startsWith('\xff\xd8')) return 'images';
  if (bytes[8] === 0x7b && bytes[0] !== 0x7b) return 'safetensors';
  return bytes[0] === 0 && bytes[1] === 0 ? 'idx' : 'table';
}
