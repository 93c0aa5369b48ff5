import { checkNames, checkSeed, checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import { philoxWords } from '../random/philox.js';
import { checkDataset, type Dataset, sampleAt } from './dataset.js';

/**
 * A task with many classes that needs no other file: gray images side by side in pairs, drawn at random with
 * replacement, at half their resolution. A pair's class is classes·left + right: MNIST gives 100 classes of 14 × 28
 * pixels. The same arguments give the same pairs everywhere.
 * @throws DistillError 'bad-argument' unless these are labeled gray images of even height and width, and there is at
 * least one pair.
 */
export function pairs(data: Dataset, options: { seed: number; count: number }): Dataset {
  checkDataset(data);
  checkNames(options, 'pairs', ['seed', 'count']);
  const { seed, count } = options;
  check(data, seed, count);
  const [height, width] = data.inputs.shape as [number, number];
  const pixels = (height * width) / 2;
  const drawn = philoxWords(seed, { kind: 'pairs', index: 0 }, 0, 2 * count);
  const values = new Uint8Array(count * pixels);
  const labels = new Int32Array(count);
  // word·size / 2³² is exact in float64: 32 + 21 bits at most.
  const sample = (word: number) => Math.floor((word * data.size) / 2 ** 32);
  for (let p = 0; p < count; p++) {
    const [left, right] = [sample(drawn[2 * p]!), sample(drawn[2 * p + 1]!)];
    const pair = values.subarray(p * pixels, (p + 1) * pixels);
    paste(data, left, pair, 0);
    paste(data, right, pair, width / 2);
    labels[p] = data.classes * data.labels[left]! + data.labels[right]!;
  }
  return {
    inputs: { shape: [height / 2, width, 1], values },
    labels,
    size: count,
    classes: data.classes * data.classes,
  };
}

/** Copies an image, each 2 × 2 pixels averaged to one, into a pair's pixels starting at a column. */
function paste(data: Dataset, image: number, pair: Uint8Array, column: number): void {
  const [height, width] = data.inputs.shape as [number, number];
  const from = sampleAt(data, image);
  for (let i = 0; i < height / 2; i++) {
    for (let j = 0; j < width / 2; j++) {
      const at = 2 * i * width + 2 * j;
      const sum = from[at]! + from[at + 1]! + from[at + width]! + from[at + width + 1]!;
      pair[i * width + column + j] = (sum + 2) >> 2;
    }
  }
}

function check({ classes, inputs: { shape, values }, labels }: Dataset, seed: number, count: number): void {
  const [height, width, channels] = shape as [number, number, number];
  demand(
    shape.length === 3 && channels === 1 && values.BYTES_PER_ELEMENT === 1,
    () =>
      `pairs: gray images of bytes are needed, not ${values.BYTES_PER_ELEMENT === 1 ? 'samples' : 'floats'} of shape [${shape}]`,
  );
  demand(
    classes <= 256,
    () => `pairs of ${classes} classes have ${classes * classes}: at most 65,536 are supported`,
  );
  demand(
    height % 2 === 0 && width % 2 === 0,
    () => `pairs: images of ${height} × ${width} pixels can't be halved`,
  );
  demand(!labels.includes(-1), 'pairs: every image needs a label');
  checkSeed(seed);
  checkWhole(count, 'pairs: the count', 1, Infinity);
}
