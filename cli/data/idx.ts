import { type Dataset, DistillError, loadMnist, makeDataset } from 'wasm-distill';
import { grayImages } from 'wasm-distill/data';
import { readIdx } from 'wasm-distill/formats';
import { read } from '../files/run-files.ts';
import { isFile, type Place } from './place.ts';
import type { Like, Reader, Reading } from './reader.ts';

/** Always in memory. */
type Read = { train: Dataset; test?: Dataset };

/** IDX: a folder with MNIST's four files, or a file of images with its labels beside it. */
export const idx: Reader = {
  title: 'IDX images',
  takes: ['label'],
  read: async (place, { label }, like) => {
    const reading =
      place.folder === undefined ? await readFile(place, label === false) : await readFolder(place);
    return { ...reading, ...named(reading, like) };
  },
};

/** Errors about a file name the folder that it is in. */
async function readFolder({ folder, name }: Place): Promise<Reading & Read> {
  try {
    return { ...(await loadMnist(folder)), notes: [] };
  } catch (error) {
    if (!(error instanceof DistillError) || error.message.startsWith(folder!)) throw error;
    throw new DistillError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

async function readFile({ files }: Place, unlabeled: boolean): Promise<Reading & Read> {
  const file = files[0]!;
  const images = await readIdx(await read(file), file);
  const beside = file.replace(/images([-.])idx3-ubyte/, 'labels$1idx1-ubyte');
  const has = !unlabeled && beside !== file && (await isFile(beside));
  const labels = has ? await readIdx(await read(beside), beside) : undefined;
  const most = labels?.data.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const classes = Math.max(10, 1 + most);
  const notes = has ? [`the labels are those of ${beside}`] : [];
  return { train: grayImages(images, labels, { name: file, classes }), notes };
}

/** Labels as places among the names of other data's classes, where these are named otherwise than by their numbers. */
function named({ train, test }: Read, { classNames }: Like): Read {
  const map = (data: Dataset) => {
    const places = Array.from({ length: data.classes }, (_, label) => classNames!.indexOf(String(label)));
    const unknown = data.labels.find((label) => label >= 0 && places[label]! < 0);
    if (unknown !== undefined)
      throw new DistillError(
        'bad-file',
        `there is a label ${unknown}, which is none of the classes ${classNames!.slice(0, 10).join(', ')}`,
      );
    const labels = data.labels.map((label) => (label < 0 ? -1 : places[label]!));
    return makeDataset({ inputs: data.inputs, labels, classNames: classNames! });
  };
  if (!classNames || classNames.every((word, label) => word === String(label)))
    return { train, ...(test && { test }) };
  return { train: map(train), ...(test && { test: map(test) }) };
}
