import { DistillError } from '../errors.js';
import { philoxWords } from '../random/philox.js';
import type { Dataset } from './dataset.js';

/**
 * A task with many classes that need no other file: images side by side in pairs, drawn at random with replacement, at
 * half their resolution. A pair's class is classes·left + right: MNIST gives 100 classes of 14 × 28 pixels. The same
 * arguments give the same pairs everywhere.
 * @throws DistillError 'bad-argument' for more than 16 classes (a label is one byte), for an odd height or width, and for
 * no pairs.
 */
export function pairs(data: Dataset, seed: number, count: number): Dataset {
  check(data, seed, count);
  const [height, half] = [data.height / 2, data.width / 2];
  const drawn = philoxWords(seed, { kind: 'pairs', index: 0 }, 0, 2 * count);
  const images = new Uint8Array(count * height * 2 * half);
  const labels = new Uint8Array(count);
  // word·size / 2³² is exact in float64: 32 + 21 bits at most.
  const sample = (word: number) => Math.floor((word * data.size) / 2 ** 32);
  for (let p = 0; p < count; p++) {
    const [left, right] = [sample(drawn[2 * p]!), sample(drawn[2 * p + 1]!)];
    const pixels = images.subarray(p * height * 2 * half, (p + 1) * height * 2 * half);
    paste(data, left, pixels, 0);
    paste(data, right, pixels, half);
    labels[p] = data.classes * data.labels[left]! + data.labels[right]!;
  }
  return { images, labels, height, width: 2 * half, size: count, classes: data.classes ** 2 };
}

/** Sets an image, each 2 × 2 pixels averaged to one, into a pair's pixels beginning at a column. */
function paste({ images, height, width }: Dataset, image: number, pair: Uint8Array, column: number): void {
  const start = image * height * width;
  for (let i = 0; i < height / 2; i++) {
    for (let j = 0; j < width / 2; j++) {
      const at = start + 2 * i * width + 2 * j;
      const sum = images[at]! + images[at + 1]! + images[at + width]! + images[at + width + 1]!;
      pair[i * width + column + j] = (sum + 2) >> 2;
    }
  }
}

function check({ classes, height, width }: Dataset, seed: number, count: number): void {
  const demand = (condition: boolean, what: string) => {
    if (!condition) throw new DistillError('bad-argument', `pairs: ${what}`);
  };
  demand(classes <= 16, `pairs of ${classes} classes have ${classes ** 2}, but a label is one byte`);
  demand(height % 2 === 0 && width % 2 === 0, `images of ${height} × ${width} pixels can't be halved`);
  demand(
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    `the seed must be a whole number from 0 to 4294967295, not ${seed}`,
  );
  demand(
    Number.isInteger(count) && count >= 1,
    `the count must be a whole number of at least 1, not ${count}`,
  );
}
