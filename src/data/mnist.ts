import { brandOf, checkNames, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { type ByteArray, readIdx } from '../formats/idx.js';
import { sameShape } from '../graph/shape.js';
import { type Dataset, makeDataset } from './dataset.js';

/** Returns a file's bytes, or undefined if there is no such file. */
export type ReadFile = (fileName: string) => Promise<Uint8Array | undefined>;

/**
 * Loads MNIST, or any data set packed like it (Fashion-MNIST, KMNIST), whatever its image size and counts.
 *
 * Each of the four files may be called `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, plain or
 * with `.gz`; the first found in that order is used. Rejects with `missing` naming the file names looked
 * for, with `bad-file`, or with whatever `read` rejects with.
 */
export async function loadMnist(read: ReadFile): Promise<{ train: Dataset; test: Dataset }> {
  const [train, test] = await parts(read);
  const pixels = ({ inputs: { shape } }: Dataset) => `${shape[0]} × ${shape[1]}`;
  demand(
    sameShape(train.inputs.shape, test.inputs.shape),
    () =>
      `the training images are ${pixels(train)} and the test images ${pixels(test)}; use four files that belong together`,
    'bad-file',
  );
  return { train, test };
}

/** Labels above 9, as EMNIST has them, make more classes than ten. */
async function parts(read: ReadFile): Promise<[train: Dataset, test: Dataset]> {
  const [train, test] = await both(loadPart(read, 'train'), loadPart(read, 't10k'));
  const most = [train, test].map(({ labels }) => labels.data.reduce((a, b) => Math.max(a, b), 0));
  const classes = Math.max(10, 1 + Math.max(...most));
  return [
    grayImages(train.images, train.labels, { name: 'train', classes }),
    grayImages(test.images, test.labels, { name: 't10k', classes }),
  ];
}

async function loadPart(
  read: ReadFile,
  part: 'train' | 't10k',
): Promise<{ images: ByteArray; labels: ByteArray }> {
  const [images, labels] = await both(
    loadFile(read, `${part}-images`, 'idx3-ubyte'),
    loadFile(read, `${part}-labels`, 'idx1-ubyte'),
  );
  return { images, labels };
}

/**
 * Gray images [n, height, width] from one IDX file with labels [n] from another. Without labels the images are
 * unlabeled.
 * @throws DistillError 'bad-file' for arrays of the wrong dimensions or lengths.
 */
export function grayImages(
  images: ByteArray,
  labels: ByteArray | undefined,
  options: { name: string; classes?: number },
): Dataset {
  checkNames(options, 'grayImages', ['name', 'classes']);
  const { name, classes = 10 } = options;
  const [n, height, width] = shapeIn(images, name);
  demand(
    images.shape.length === 3 && images.shape.every((dimension) => dimension >= 1),
    () => `${name}: the images have the shape [${images.shape}]; give n × height × width, each at least 1`,
    'bad-file',
  );
  const pixels = n! * height! * width!;
  demand(
    images.data.length === pixels,
    () => `${name}: there are ${images.data.length} bytes where the shape [${images.shape}] needs ${pixels}`,
    'bad-file',
  );
  demand(
    labels === undefined || shapeIn(labels, name).length === 1,
    () => `${name}: the labels have the shape [${labels?.shape}]; give one byte for each image`,
    'bad-file',
  );
  return makeDataset({
    inputs: { shape: [height!, width!, 1], values: images.data },
    labels: labels?.data ?? new Int32Array(n!).fill(-1),
    classes,
    name,
  });
}

function shapeIn(array: ByteArray, name: string): readonly number[] {
  demand(
    Array.isArray(array?.shape) && brandOf(array.data) === 'Uint8Array',
    () => `${name}: arrays of bytes are needed, { shape, data } as readIdx answers them, not ${shown(array)}`,
  );
  return array.shape;
}

/** Two at once. If both fail, the first one's error is reported, whichever failed sooner. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function loadFile(read: ReadFile, stem: string, suffix: string): Promise<ByteArray> {
  const names = ['-', '.'].flatMap((joint) => [`${stem}${joint}${suffix}`, `${stem}${joint}${suffix}.gz`]);
  for (const name of names) {
    const bytes = await read(name);
    if (bytes) return readIdx(bytes, name);
  }
  throw new DistillError(
    'missing',
    `there is no ${names.slice(0, -1).join(', ')} or ${names.at(-1)}; get MNIST's four files into one folder`,
  );
}
