import { DistillError, demand } from '../errors.js';
import type { Source } from './bytes-of.js';
import { ordered } from './class-labels.js';

/** A file of a folder: its path from there, with slashes, and where its bytes are, or what reads them when asked. */
export interface FolderFile {
  readonly path: string;
  readonly source: Source | (() => Uint8Array | Promise<Uint8Array>);
}

export type Part = 'train' | 'val' | 'test';

/** An image, and the class whose folder it lies in; null where it lies in none. */
export interface ImageEntry extends FolderFile {
  readonly class: string | null;
}

/** What a folder of images holds, none of them read yet. */
export interface ImageFolder {
  /** Whether the folder has parts; else all is `train`. */
  readonly split: boolean;
  readonly parts: { readonly train: readonly ImageEntry[] } & {
    readonly [P in Exclude<Part, 'train'>]?: readonly ImageEntry[];
  };
  /** Of the training part, in order; none if its images lie in no folders. */
  readonly classNames: readonly string[];
  /** Files that aren't read: those that are no images by their names, and those beside the folders of parts. */
  readonly ignored: readonly string[];
}

const PARTS: Readonly<Record<string, Part>> = {
  ...{ train: 'train', training: 'train' },
  ...{ val: 'val', valid: 'val', validation: 'val', dev: 'val' },
  ...{ test: 'test', testing: 'test' },
};

const IMAGE = /\.(png|jpe?g)$/i;

/** Pictures of all kinds: one takes them for part of the data, so that those that aren't read are refused, not ignored. */
const PICTURE = /\.(png|jpe?g|jpe|jfif|gif|webp|bmp|tiff?|heic|heif|avif|jxl|jp2|ppm|pgm|pnm|svg|tga|ico)$/i;

/** A name's end that says what a file is; what has none may be an image. */
const SUFFIX = /\.[a-z][a-z\d]*$/i;

/** Notes, tables and what else lies beside images: Thumbs.db, desktop.ini, labels.csv. */
function isStray(path: string): boolean {
  return SUFFIX.test(path) && !PICTURE.test(path);
}

/** What systems and tools leave in folders. */
const LITTER = /^(\.|__MACOSX$)/i;

/** Whether a path is neither that of something hidden, nor that of what systems and tools leave in folders. */
export function isSeen(path: string): boolean {
  return !path.split('/').some((word) => LITTER.test(word));
}

/**
 * Sorts files into parts and classes: `class/file`, or `train/class/file` beside `test/…` and `val/…`. Folders and files
 * that begin with a dot are skipped, files whose names end as no image's do are ignored. `folders` are the paths of all folders, to notice empty ones; `name` is what
 * messages call the whole. Classes are ordered as labels are: numbers by value, other names by code units.
 * @throws DistillError 'bad-file' for empty classes, for folders inside of classes, and where there is no image.
 */
export function arrangeImages(
  files: readonly FolderFile[],
  folders: readonly string[],
  name: string,
): ImageFolder {
  const seen = files.filter(({ path }) => isSeen(path));
  const places = folders.filter(isSeen);
  const ignored: string[] = [];
  const split = hasParts(seen, places);
  const found = split
    ? partsOf(seen, places, name, ignored)
    : { train: entriesOf(seen, places, '', name, ignored) };
  const { train = [] } = found;
  demand(
    train.length > 0,
    () =>
      `${name}: there is no PNG or JPEG in it, or in folders of it: give a folder with one folder a class`,
    'bad-file',
  );
  const classes = train.flatMap((entry) => entry.class ?? []);
  return { split, parts: { ...found, train }, classNames: ordered(classes), ignored };
}

/** Whether all folders are parts' and the training part has folders, so that they aren't classes of these names. */
function hasParts(files: readonly FolderFile[], folders: readonly string[]): boolean {
  const tops = new Set([...folders, ...files.map(({ path }) => path)].flatMap(topOf));
  for (const path of folders) if (!path.includes('/')) tops.add(path);
  if (![...tops].every((top) => Object.hasOwn(PARTS, top.toLowerCase()))) return false;
  return files.some(({ path }) => path.split('/').length > 2 && partOf(path) === 'train');
}

function topOf(path: string): string[] {
  const slash = path.indexOf('/');
  return slash < 0 ? [] : [path.slice(0, slash)];
}

function partOf(path: string): Part | undefined {
  return PARTS[path.split('/')[0]!.toLowerCase()];
}

function partsOf(
  files: readonly FolderFile[],
  folders: readonly string[],
  name: string,
  ignored: string[],
): { [P in Part]?: readonly ImageEntry[] } {
  const found: { [P in Part]?: readonly ImageEntry[] } = {};
  const tops = new Set(files.flatMap(({ path }) => topOf(path)));
  for (const top of [...tops].sort()) {
    const part = partOf(top)!;
    demand(
      found[part] === undefined,
      () => `${name}: there are two folders for ${part}, one of them ${top}: keep one`,
      'bad-file',
    );
    const inside = ({ path }: { path: string }) => path.startsWith(`${top}/`);
    const own = folders.filter((path) => inside({ path }));
    found[part] = entriesOf(files.filter(inside), own, `${top}/`, name, ignored);
  }
  ignored.push(...files.map(({ path }) => path).filter((path) => !path.includes('/')));
  return found;
}

/** The images of a part, whose paths begin with `prefix`, in the order of their paths. */
function entriesOf(
  files: readonly FolderFile[],
  folders: readonly string[],
  prefix: string,
  name: string,
  ignored: string[],
): ImageEntry[] {
  const entries: ImageEntry[] = [];
  const hasClasses = files.some(({ path }) => !isStray(path) && path.slice(prefix.length).includes('/'));
  for (const { path, source } of files) {
    const [first, second, ...deeper] = path.slice(prefix.length).split('/');
    if (isStray(path)) {
      ignored.push(path);
      continue;
    }
    demand(
      deeper.length === 0,
      () =>
        `${name}: ${path} lies in a folder of the class ${first}, where images are due: give the folder that holds the classes' folders`,
      'bad-file',
    );
    if (second !== undefined) entries.push({ path, source, class: first! });
    else if (!IMAGE.test(path)) ignored.push(path);
    else {
      demand(
        !hasClasses,
        () => `${name}: ${path} lies beside the folders of the classes: move it into one of them`,
        'bad-file',
      );
      entries.push({ path, source, class: null });
    }
  }
  checkEmpty(folders, entries, prefix, name);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function checkEmpty(
  folders: readonly string[],
  entries: readonly ImageEntry[],
  prefix: string,
  name: string,
): void {
  const full = new Set(entries.map((entry) => entry.class));
  const empty = folders.find((path) => {
    const inner = path.slice(prefix.length);
    return inner !== '' && !inner.includes('/') && !full.has(inner);
  });
  if (empty !== undefined)
    throw new DistillError(
      'bad-file',
      `${name}: there is no image in the folder ${empty}, which would be a class: fill or remove it`,
    );
}
