import { host } from '#host';
import { brandOf, checkList, checkNames, checkWord, shown } from '../checks.js';
import { type Dataset, makeDataset } from '../data/dataset.js';
import type { SampleStream } from '../data/stream.js';
import { DistillError, demand } from '../errors.js';
import { bytesOf, type Source } from './bytes-of.js';
import { shownNames } from './class-labels.js';
import {
  arrangeImages,
  type FolderFile,
  type ImageEntry,
  type ImageFolder,
  type Part,
} from './image-folder.js';
import { pictureShards } from './picture-shards.js';
import {
  checkPictureOptions,
  type PictureFile,
  type PictureOptions,
  pictureOptions,
  samplesOf,
} from './pictures.js';
import { zippedFiles } from './zip-folder.js';

/**
 * A folder: its path (in Node), or its files: those that a page's `<input type="file" webkitdirectory>` has, or each
 * with its path from the folder, such as 'cat/1.png'. Or a ZIP of one: its path or URL, which ends in .zip, a Blob or
 * File, or its bytes.
 */
export type Folder = Source | ArrayLike<File | FolderFile>;

export interface LoadImagesOptions extends PictureOptions {
  /** Of a folder with train, val and test in it: which (default 'train'). */
  part?: Part;
  /** The classes of the training data, in order: folders are found among them by name. */
  classNames?: readonly string[];
}

/**
 * What a folder of images holds, none of them read: its parts, and the classes in order.
 *
 * Rejects with 'missing' for a folder that isn't there, 'bad-file' as `arrangeImages` does and for what is no ZIP.
 */
export async function findImages(folder: Folder): Promise<ImageFolder> {
  if (isList(folder)) return arrangeImages(Array.from(folder, fileOf), [], 'the files');
  if (isZipFile(folder)) {
    const { bytes, name } = await bytesOf(folder);
    return arrangeImages(zippedFiles(bytes, name), [], name);
  }
  const isPlace = typeof folder === 'string' || brandOf(folder) === 'URL';
  demand(
    isPlace,
    () => `a folder is given by its path, as a ZIP or as a list of its files, not by ${shown(folder)}`,
  );
  const name = String(folder);
  const { files, folders } = await host.listFolder(folder as string | URL);
  return arrangeImages(files, folders, name);
}

/**
 * A data set from a folder or a ZIP of images, PNG or JPEG, one folder a class, with or without folders train, val, test around
 * them; images in no folder are unlabeled. Their order is that of their paths. Images are bytes [height, width, 1 or
 * 3]; alpha is dropped, and neither EXIF's orientation nor color profiles are applied, as Pillow leaves them, too.
 *
 * Classes are those of the training part, so that test data are mapped by name. Where test images may all be gray and
 * training images aren't, give `channels`.
 *
 * Rejects with 'missing' for a folder or part that isn't there, 'bad-file' for files that aren't images, images of
 * several sizes without `size`, empty classes and those that the training data lack, 'memory', 'aborted'.
 */
export async function loadImages(folder: Folder, options: LoadImagesOptions = {}): Promise<Dataset> {
  const { entries, classNames, pictures, name } = await chosenImages(folder, options, 'loadImages');
  const inputs = await samplesOf(filesOf(entries), pictures);
  const labels = labelsOf(entries, classNames, name);
  return makeDataset({ inputs, labels, classNames: namesOf(classNames), name });
}

export interface StreamImagesOptions extends LoadImagesOptions {
  /**
   * 'dealt' (default): the files, in the order of their paths, are dealt out to the shards in turn, so that each has images
   * of all classes to learn from. 'paths': they stay in the order of their paths, in which predictions are wanted.
   */
  order?: 'dealt' | 'paths';
}

/**
 * A folder of images as a stream, which needn't fit into memory; options, classes and errors are those of `loadImages`.
 * A shard has some 256 files. The first is read at once: its images say how large all are, and whether they are gray.
 */
export async function streamImages(folder: Folder, options: StreamImagesOptions = {}): Promise<SampleStream> {
  checkNames(options, 'streamImages', [...names, 'order']);
  const { order = 'dealt', ...rest } = options;
  checkWord(order, 'order', ['dealt', 'paths']);
  const { entries, classNames, pictures, name } = await chosenImages(folder, rest, 'streamImages');
  const count = Math.ceil(entries.length / SHARD);
  const shardOf = (i: number) => (order === 'dealt' ? i % count : Math.floor((i * count) / entries.length));
  const shards = Array.from({ length: count }, (): ImageEntry[] => []);
  for (const [i, entry] of entries.entries()) shards[shardOf(i)]!.push(entry);
  const labels = shards.map((shard) => labelsOf(shard, classNames, name));
  const files = async (shard: number) => filesOf(shards[shard]!);
  const { shape, read } = await pictureShards(await files(0), files, pictures);
  const classes = namesOf(classNames);
  return {
    ...{ shape, values: 'bytes', size: entries.length, classes: classes.length, classNames: classes },
    labels: Int32Array.from(labels.flat()),
    shards: shards.map(({ length }) => length),
    read,
  };
}

const names = [...pictureOptions, 'part', 'classNames'];

/** Files in a shard, at most. */
const SHARD = 256;

/** The images of a part, none of them read, and what the options say of them. */
async function chosenImages(folder: Folder, options: LoadImagesOptions, what: string) {
  checkNames(options, what, names);
  const { part = 'train', classNames, ...pictures } = options;
  checkWord(part, 'part', ['train', 'val', 'test']);
  if (classNames !== undefined)
    checkList(classNames, 'classNames', 'names', (word) => typeof word === 'string');
  checkPictureOptions(pictures);
  const found = await findImages(folder);
  const entries = found.parts[part];
  const name = nameOf(folder);
  if (!entries)
    throw new DistillError(
      'missing',
      `${name} has no part ${part}: there are ${Object.keys(found.parts).join(', ')}`,
    );
  return { entries, classNames: classNames ?? found.classNames, pictures, name };
}

/** The places of the images' classes among the names, −1 where there is none. */
function labelsOf(entries: readonly ImageEntry[], classNames: readonly string[], name: string): number[] {
  const places = new Map(classNames.map((word, i) => [word, i]));
  return entries.map((entry) => {
    const label = entry.class === null ? -1 : places.get(entry.class);
    demand(
      label !== undefined,
      () =>
        `${name}: the folder ${entry.class} is none of the training data's classes, which are ${shownNames(classNames)}`,
      'bad-file',
    );
    return label;
  });
}

function filesOf(entries: readonly ImageEntry[]): PictureFile[] {
  return entries.map(({ path, source }) => ({
    name: path,
    bytes: async () => (typeof source === 'function' ? source() : (await bytesOf(source)).bytes),
  }));
}

function namesOf(classNames: readonly string[]): readonly string[] {
  return classNames.length > 0 ? classNames : ['unlabeled'];
}

function nameOf(folder: Folder): string {
  if (isList(folder)) return 'the files';
  if (typeof folder === 'string' || brandOf(folder) === 'URL') return String(folder);
  return brandOf(folder) === 'File' ? (folder as File).name : 'the ZIP';
}

/** What ends in .zip, or is a file itself, which no folder is. */
function isZipFile(folder: Folder): folder is Source {
  if (typeof folder === 'string') return /\.zip$/i.test(folder);
  if (brandOf(folder) === 'URL') return /\.zip$/i.test((folder as URL).pathname);
  return ['Blob', 'File', 'Uint8Array', 'ArrayBuffer'].includes(brandOf(folder));
}

function isList(folder: Folder): folder is ArrayLike<File | FolderFile> {
  return Array.isArray(folder) || brandOf(folder) === 'FileList';
}

/** A browser's file, or one that says its own path. The first word of a browser's path is the chosen folder. */
function fileOf(file: File | FolderFile): FolderFile {
  if (brandOf(file) === 'File') {
    const { name, webkitRelativePath } = file as File;
    return { path: webkitRelativePath?.split('/').slice(1).join('/') || name, source: file as File };
  }
  const { path, source } = (file ?? {}) as Partial<FolderFile>;
  demand(
    typeof path === 'string' && path !== '' && source !== undefined,
    () => `a file of a folder must be a File, or { path, source }, not ${shown(file)}`,
  );
  return { path: path.replaceAll('\\', '/'), source };
}
