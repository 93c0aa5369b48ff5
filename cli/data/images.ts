import { basename } from 'node:path';
import { DistillError } from 'wasm-distill';
import {
  type Folder,
  findImages,
  type ImageEntry,
  type LoadImagesOptions,
  loadImages,
  streamImages,
} from 'wasm-distill/data';
import { read } from '../files/run-files.ts';
import { counted } from '../format/numbers.ts';
import { imageSuffix, suffixKind } from './detect.ts';
import { ignoredNote } from './listing.ts';
import { channelsOf, imagesOf, type Pictures, pictureBytes, picturesOf } from './pictures.ts';
import type { Place } from './place.ts';
import type { Ask, Like, Reader, Reading } from './reader.ts';
import { outlineOf } from './stream.ts';

/** PNG and JPEG: a folder with one folder a class, or a ZIP of one, or some files without labels. */
export const images: Reader = {
  title: 'images',
  takes: ['size', 'crop', 'label', 'softId'],
  read: async (place, ask, like, most) => {
    if (typeof ask.label === 'string')
      throw new DistillError(
        'bad-argument',
        `the labels of ${place.name} are its folders' names: leave out --label, or give --label none`,
      );
    return readFolder(await folderOf(place), ask, like, most);
  },
};

async function folderOf({ folder, files }: Place): Promise<Folder> {
  if (folder !== undefined) return folder;
  const [only, ...others] = files;
  if (others.length > 0 || suffixKind(only!) === 'images')
    return files.map((path) => ({ path: basename(path), source: path }));
  // A file whose name doesn't say it is an image, or a ZIP of some, by its first bytes, or it wouldn't be here.
  const suffix = await imageSuffix(only!);
  if (suffix === 'zip') return /\.zip$/i.test(only!) ? only! : read(only!);
  return [{ path: `${basename(only!)}.${suffix}`, source: only! }];
}

async function readFolder(folder: Folder, ask: Ask, like: Like, most: number): Promise<Reading> {
  const found = await findImages(folder);
  const one = Array.isArray(folder) && folder.length === 1;
  const pictures = picturesOf(ask, like);
  const first = ask.label === false ? {} : like.classNames && { classNames: like.classNames };
  const options = { ...pictures, ...first };
  // Whose labels aren't asked for is predicted in the order of the paths.
  const order = ask.label === false ? 'paths' : 'dealt';
  const train = (await areMore(found.parts.train, pictures, most))
    ? await streamImages(folder, { ...options, order })
    : await loadImages(folder, options);
  const { shape } = outlineOf(train).inputs;
  const rest: LoadImagesOptions = { ...options, ...channelsOf(shape) };
  const { val, test } = found.parts;
  return {
    train,
    ...(val && { val: await loadImages(folder, { ...rest, part: 'val' }) }),
    ...(test && { test: await loadImages(folder, { ...rest, part: 'test' }) }),
    images: imagesOf(shape, pictures),
    ...(!one && { names: found.parts.train.map(({ path }) => path) }),
    notes: [...strayNotes(found.ignored), ...unlabeledNote(found.parts.train)],
  };
}

/** Whether all would take more bytes in memory, by the first of them. */
async function areMore(entries: readonly ImageEntry[], pictures: Pictures, most: number): Promise<boolean> {
  const { path, source } = entries[0]!;
  if (most === Infinity) return false;
  // Files of a folder are paths, those of a ZIP functions.
  const bytes = typeof source === 'function' ? await source() : await read(String(source));
  return entries.length * pictureBytes(bytes, path, pictures) > most;
}

/** What is no image by its name, and images that lie beside the folders of parts. */
function strayNotes(ignored: readonly string[]): string[] {
  const isImage = (path: string) => suffixKind(path) === 'images';
  const others = ignored.filter((path) => !isImage(path)).sort();
  const are = others.length === 1 ? 'is no image' : 'are no images';
  const said = ignoredNote(others).map((note) => `${counted(others.length, 'file')} that ${are} ${note}`);
  return [...said, ...ignoredNote(ignored.filter(isImage))];
}

function unlabeledNote(entries: readonly { class: string | null }[]): string[] {
  const count = entries.filter((entry) => entry.class === null).length;
  return count > 0 ? [`${counted(count, 'image')} in no class's folder: without label`] : [];
}
