import { brandOf, checkList } from '../checks.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { demand } from '../errors.js';
import { mostProbable } from '../evaluate/evaluate.js';

/** A sample on which models decide differently. */
export interface Disputed {
  readonly sample: number;
  /** −1: none. */
  readonly label: number;
  /** Of each model. */
  readonly decisions: readonly number[];
  /** By the mean of their probabilities. */
  readonly together: number;
}

/** How often models decide alike, each by its own largest probability, and how often they are right. */
export interface Agreement {
  readonly size: number;
  /** Samples with a label: errors are among these. */
  readonly labeled: number;
  /** Of each model. */
  readonly errors: readonly number[];
  /** By the mean of their probabilities. */
  readonly errorsTogether: number;
  /** alike[i][j]: samples on which models i and j decide alike. */
  readonly alike: readonly (readonly number[])[];
  /** Samples on which all decide alike. */
  readonly unanimous: number;
  /** Samples on which all decide alike, and not for the label. */
  readonly unanimousErrors: number;
  /** Labeled samples for whose label no model decides: no mean of theirs could be expected to. */
  readonly noneRight: number;
  /** The samples that split them: those of which the fewest models share the most frequent decision come first. */
  readonly disputed: readonly Disputed[];
}

/**
 * Compares the decisions of several models on the same samples: `probabilities` are each model's, [size, classes], as
 * predict() answers them. The survey takes an ensemble's targets from each teacher's largest probability, where its mean
 * hides who disagreed.
 * @throws DistillError 'bad-argument' for no models, or probabilities of other samples or classes.
 */
export function agreement(probabilities: readonly Float32Array[], data: Dataset): Agreement {
  checkDataset(data);
  const { size, classes, labels } = data;
  checkList(probabilities, 'the probabilities', 'Float32Arrays', (one) => brandOf(one) === 'Float32Array');
  demand(probabilities.length > 0, 'the probabilities of at least one model are needed');
  for (const [i, one] of probabilities.entries())
    demand(
      one.length === size * classes,
      () =>
        `model ${i + 1} has ${one.length} probabilities, but there are ${size} samples of ${classes} classes`,
    );
  const decisions = probabilities.map((one) => decided(one, classes));
  const together = decided(meanOf(probabilities), classes);
  const right = (of: Int32Array, sample: number) => of[sample] === labels[sample];
  const samples = Array.from(labels, (_, i) => i);
  const labeled = samples.filter((i) => labels[i]! >= 0);
  const errorsOf = (of: Int32Array) => labeled.filter((i) => !right(of, i)).length;
  const unanimous = samples.filter((i) => decisions.every((of) => of[i] === decisions[0]![i]));
  return {
    size,
    labeled: labeled.length,
    errors: decisions.map(errorsOf),
    errorsTogether: errorsOf(together),
    alike: decisions.map((a) => decisions.map((b) => samples.filter((i) => a[i] === b[i]).length)),
    unanimous: unanimous.length,
    unanimousErrors: unanimous.filter((i) => labels[i]! >= 0 && !right(decisions[0]!, i)).length,
    noneRight: labeled.filter((i) => decisions.every((of) => !right(of, i))).length,
    disputed: samples
      .map((sample) => ({
        sample,
        label: labels[sample]!,
        decisions: decisions.map((of) => of[sample]!),
        together: together[sample]!,
      }))
      .map((one) => ({ one, most: mostFrequent(one.decisions) }))
      .filter(({ most }) => most < decisions.length)
      .sort((a, b) => a.most - b.most || a.one.sample - b.one.sample)
      .map(({ one }) => one),
  };
}

function decided(probabilities: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) =>
    mostProbable(probabilities.subarray(i * classes, (i + 1) * classes)),
  );
}

/** Sums in the order and precision of predict(), so that it decides alike. */
function meanOf(probabilities: readonly Float32Array[]): Float32Array {
  const sum = Float32Array.from(probabilities[0]!);
  for (const one of probabilities.slice(1)) for (let i = 0; i < sum.length; i++) sum[i]! += one[i]!;
  const factor = Math.fround(1 / probabilities.length);
  return sum.map((p) => p * factor);
}

/** How many share the most frequent decision. */
function mostFrequent(decisions: readonly number[]): number {
  return Math.max(...decisions.map((a) => decisions.filter((b) => a === b).length));
}
