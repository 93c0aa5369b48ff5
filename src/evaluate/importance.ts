import { brandOf, checkNames, checkSeed, checkWhole, shown } from '../checks.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { select } from '../data/select.js';
import { demand } from '../errors.js';
import { shuffled } from '../random/shuffle.js';
import { score } from './evaluate.js';

export interface ImportanceOptions {
  /** What the shuffles follow from: the same seed gives the same numbers. */
  seed: number;
  /** Shuffles of each number, of which the median counts (default 3). */
  shuffles?: number;
}

/** Numbers of shuffled samples that are predicted at once: 64 MiB of floats. */
const MOST_NUMBERS = 2 ** 24;

/**
 * Permutation importance (Breiman, "Random Forests", Machine Learning 45, 2001, section 10): for each number of a sample
 * how many more errors a model makes when that number comes from another sample, at random. Zero, or less by chance,
 * for what the model doesn't look at; of two numbers that say the same it may do without either.
 *
 * `predict` answers the probabilities [size, classes] of the samples that it is given, several times `data`'s.
 * Unlabeled samples are left out.
 * @throws DistillError 'bad-argument' for data without labels, and what predict() doesn't answer.
 */
export async function permutationImportance(
  data: Dataset,
  predict: (data: Dataset) => Float32Array | Promise<Float32Array>,
  options: ImportanceOptions,
): Promise<number[]> {
  checkDataset(data);
  demand(typeof predict === 'function', () => `predict must be a function, not ${shown(predict)}`);
  checkNames(options, 'permutationImportance', ['seed', 'shuffles']);
  const { seed, shuffles = 3 } = options;
  checkSeed(seed);
  checkWhole(shuffles, 'shuffles', 1, 1000);
  const indices = Array.from(data.labels.keys()).filter((i) => data.labels[i]! >= 0);
  demand(indices.length > 0, 'no sample has a label, without which no errors can be counted');
  const labeled = select(data, indices);
  const each = labeled.inputs.values.length / labeled.size;
  const before = (await errorsOf(labeled, 1, predict))[0]!;
  const drawn = Array.from({ length: each * shuffles }, (_, i): Draw => {
    const feature = Math.floor(i / shuffles);
    return {
      feature,
      order: () => shuffled(seed, { kind: 'importance', index: feature }, i % shuffles, labeled.size),
    };
  });
  const together = Math.max(1, Math.floor(MOST_NUMBERS / labeled.inputs.values.length));
  const errors: number[] = [];
  for (let first = 0; first < drawn.length; first += together) {
    const some = drawn.slice(first, first + together);
    errors.push(...(await errorsOf(withShuffled(labeled, some), some.length, predict)));
  }
  return Array.from({ length: each }, (_, feature) => {
    const counts = errors.slice(feature * shuffles, (feature + 1) * shuffles);
    return median(counts) - before;
  });
}

/** One shuffle of one number. */
interface Draw {
  readonly feature: number;
  /** Which sample each one has that number of. */
  order(): Int32Array;
}

/** The samples once for each draw, with the one number of all shuffled. */
function withShuffled({ inputs, labels, ...data }: Dataset, draws: readonly Draw[]): Dataset {
  const { shape, values } = inputs;
  const each = values.length / data.size;
  const length = values.length * draws.length;
  const all = brandOf(values) === 'Uint8Array' ? new Uint8Array(length) : new Float32Array(length);
  const repeated = new Int32Array(data.size * draws.length);
  for (const [k, { feature, order }] of draws.entries()) {
    all.set(values, k * values.length);
    repeated.set(labels, k * data.size);
    for (const [i, from] of order().entries())
      all[k * values.length + i * each + feature] = values[from * each + feature]!;
  }
  return { ...data, inputs: { shape, values: all }, labels: repeated, size: repeated.length };
}

/** Errors in each of `parts` equal parts of the data. */
async function errorsOf(
  data: Dataset,
  parts: number,
  predict: (data: Dataset) => Float32Array | Promise<Float32Array>,
): Promise<number[]> {
  const probabilities = await predict(data);
  demand(
    brandOf(probabilities) === 'Float32Array' && probabilities.length === data.size * data.classes,
    () =>
      `predict must answer a Float32Array of ${data.size} × ${data.classes} probabilities, not ${shown(probabilities)}`,
  );
  const size = data.size / parts;
  const each = data.inputs.values.length / parts;
  return Array.from({ length: parts }, (_, k) => {
    const { shape, values } = data.inputs;
    const part: Dataset = {
      ...data,
      inputs: { shape, values: values.subarray(k * each, (k + 1) * each) },
      labels: data.labels.subarray(k * size, (k + 1) * size),
      size,
    };
    return score(probabilities.subarray(k * size * data.classes, (k + 1) * size * data.classes), part).errors;
  });
}

/** Of an even number of values the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
}
