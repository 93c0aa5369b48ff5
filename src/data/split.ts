import { brandOf, checkNumber, checkSeed, checkWhole, shown } from '../checks.js';
import { demand } from '../errors.js';
import { philoxWords } from '../random/philox.js';
import type { Dataset } from './dataset.js';
import { select } from './select.js';
import { checkData, type SampleStream } from './stream.js';

/** Two parts of a data set, or of a stream, that have no sample in common and leave none out. */
export interface Split<D extends Dataset | SampleStream = Dataset> {
  /** The share that was asked for. */
  readonly part: D;
  readonly rest: D;
}

/**
 * Splits off a share of the samples, drawn at random within each class: a validation part, or a transfer set of 3 %.
 * The part has round(share·size) samples. Of a class with n it has ⌊share·n⌋ or one more: those with the greatest
 * fractions have one more, of equal ones the first classes; samples without a label count as a class of their own, the
 * last. Both parts keep the data set's order. The same seed gives the same parts everywhere, and within a class a smaller
 * share takes samples of a larger one.
 * @throws DistillError 'bad-argument' for a share that isn't between 0 and 1, or that leaves a part without samples.
 */
export function split(data: Dataset, share: number, seed: number): Split;
export function split(data: SampleStream, share: number, seed: number): Split<SampleStream>;
export function split(
  data: Dataset | SampleStream,
  share: number,
  seed: number,
): Split<Dataset | SampleStream>;
export function split(
  data: Dataset | SampleStream,
  share: number,
  seed: number,
): Split<Dataset | SampleStream> {
  checkData(data);
  const { part, rest } = splitPlaces(data, share, seed);
  return { part: select(data, part), rest: select(data, rest) };
}

/** What a split goes by: labels, [size], each in 0 … classes − 1, or −1 if unknown. */
export type SplitLabels = Pick<Dataset, 'labels' | 'classes'>;

/** Both parts of a split by their samples' places in the whole, ascending. */
export interface SplitPlaces {
  readonly part: number[];
  readonly rest: number[];
}

/**
 * Which samples `split` puts into which part: for what is divided along with a data set, and for samples that are
 * elsewhere. A data set or a stream is what it takes, too.
 * @throws DistillError 'bad-argument' for a share that isn't between 0 and 1, or that leaves a part without samples, and
 * for labels that are none.
 */
export function splitPlaces(data: SplitLabels, share: number, seed: number): SplitPlaces {
  checkLabels(data);
  checkNumber(share, 'the share', 'a number between 0 and 1', (s) => s > 0 && s < 1);
  checkSeed(seed);
  const size = data.labels.length;
  const count = Math.round(share * size);
  demand(
    count > 0 && count < size,
    () =>
      `${share} of ${size} samples are ${count}, but both parts need at least one: give another share or more samples`,
  );
  const strata = byClass(data);
  const counts = countsOf(
    strata.map((samples) => samples.length),
    share,
    count,
  );
  const words = philoxWords(seed, { kind: 'split', index: 0 }, 0, size);
  const chosen = new Uint8Array(size);
  strata.forEach((samples, stratum) => {
    const drawn = samples.sort((a, b) => words[a]! - words[b]! || a - b);
    for (const i of drawn.slice(0, counts[stratum])) chosen[i] = 1;
  });
  const places = Array.from(chosen, (_, i) => i);
  return { part: places.filter((i) => chosen[i] === 1), rest: places.filter((i) => chosen[i] === 0) };
}

function checkLabels(data: SplitLabels): void {
  demand(
    brandOf(data?.labels) === 'Int32Array',
    () =>
      `the labels of splitPlaces must be an Int32Array, −1 where there is none, not ${shown(data?.labels)}`,
  );
  const { labels, classes } = data;
  checkWhole(classes, 'the classes of splitPlaces', 1, 65_536);
  const bad = labels.findIndex((label) => label < -1 || label >= classes);
  demand(bad < 0, () => `label ${bad} of splitPlaces is ${labels[bad]}, but there are ${classes} classes`);
}

/** The samples of each class that there are any of, in the order of classes, then those without a label. */
function byClass({ labels, classes }: SplitLabels): number[][] {
  const strata = Array.from({ length: classes + 1 }, (): number[] => []);
  labels.forEach((label, i) => void strata[label < 0 ? classes : label]!.push(i));
  return strata.filter((samples) => samples.length > 0);
}

/** ⌊share·n⌋ of each, or one more, so that they add up to `count`. */
function countsOf(sizes: readonly number[], share: number, count: number): number[] {
  const counts = sizes.map((n) => Math.floor(share * n));
  const fraction = (stratum: number) => share * sizes[stratum]! - counts[stratum]!;
  const greatest = sizes.map((_, stratum) => stratum).sort((a, b) => fraction(b) - fraction(a) || a - b);
  const missing = count - counts.reduce((sum, n) => sum + n, 0);
  for (const stratum of greatest.slice(0, missing)) counts[stratum]!++;
  return counts;
}
