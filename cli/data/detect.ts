import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
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

/** What the name of an image, or of a ZIP of some, would end in. */
export async function imageSuffix(file: string): Promise<'png' | 'jpg' | 'zip'> {
  const start = await startOf(file);
  if (isPng(start)) return 'png';
  return isZip(start) ? 'zip' : 'jpg';
}

/** Enough to unpack the start of what is packed. */
const START = 2 ** 16;

/** The first bytes, unpacked. */
async function startOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(START), 0, START, 0);
      const start = buffer.subarray(0, bytesRead);
      return start[0] === 0x1f && start[1] === 0x8b ? unpacked(start) : start;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw systemError(file, 'read', error);
  }
}

/** As much as there is of a gzip's start; what can't be unpacked stays, and is refused by who reads it. */
function unpacked(start: Uint8Array): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return start;
  }
}

/** Of files whose names say nothing. What nothing else begins like is taken for a table. */
function byStart(bytes: Uint8Array): KindName {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  if (text.startsWith('PAR1')) return 'parquet';
  if (isZip(bytes)) return /\.npy$/i.test(firstPacked(bytes)) ? 'npz' : 'images';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (isPng(bytes) || text.startsWith('\xff\xd8')) return 'images';
  // A header's length of eight bytes, of which the last are zero, as in no text.
  if (bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0) return 'safetensors';
  return bytes[0] === 0 && bytes[1] === 0 ? 'idx' : 'table';
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The name of a ZIP's first file, or folder. */
function firstPacked(bytes: Uint8Array): string {
  const length = bytes[26]! + 256 * bytes[27]!;
  return new TextDecoder().decode(bytes.subarray(30, 30 + length));
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}
