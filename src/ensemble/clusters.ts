import { brandOf, checkNames, checkWhole, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';

/** Whose covariance fits in memory. */
const MOST_CLASSES = 10_000;

/** Lloyd's iterations end on their own, as each lowers the sum of squares; this is only a bound. */
const MOST_ITERATIONS = 1000;

/**
 * Groups classes that a generalist confuses: k-means on the columns of the covariance of its predictions (Hinton,
 * Vinyals, Dean 2015, section 5.3), which needs no labels. `probabilities` [size, classes] are its predictions; returns
 * `count` groups that together cover all classes, each in ascending order.
 *
 * Predictions are scaled to unit variance first, so that the covariance is their correlation: otherwise a class's own
 * variance outweighs what it shares with others and most groups have one class (100 pairs of digits into 10 groups, T =
 * 1: 74, 9, 5, 5, 2, 1, 1, 1, 1, 1). Predictions at a temperature of 4 reveal more confusion than those at 1.
 *
 * Deterministic: the first center is the column with the greatest norm, each further one the column farthest from all
 * centers before it (Gonzalez 1985), and ties go to the smaller class.
 * @throws DistillError 'bad-argument' for more groups than distinct classes, and for invalid rows of predictions.
 */
export function classClusters(
  probabilities: Float32Array,
  options: { classes: number; count: number },
): number[][] {
  checkNames(options, 'classClusters', ['classes', 'count']);
  const { classes, count } = options;
  checkWhole(classes, 'classes', 1, MOST_CLASSES);
  demand(
    brandOf(probabilities) === 'Float32Array',
    () => `the predictions to cluster by must be a Float32Array, not ${shown(probabilities)}`,
  );
  if (probabilities.length === 0 || probabilities.length % classes !== 0)
    throw new DistillError(
      'bad-argument',
      `${probabilities.length} probabilities aren't whole rows of ${classes} classes`,
    );
  if (!probabilities.every((p) => p >= 0 && p <= 1))
    throw new DistillError('bad-argument', 'the predictions to cluster by are no probabilities');
  if (!Number.isInteger(count) || count < 1 || count > classes)
    throw new DistillError('bad-argument', `${classes} classes can't make ${count} clusters`);
  const columns = correlation(covariance(probabilities, classes));
  let centers = farthestFirst(columns, count);
  let groups: number[][] = [];
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    const next = assigned(columns, centers);
    if (JSON.stringify(next) === JSON.stringify(groups)) break;
    groups = next;
    centers = groups.map((group) => meanOf(group.map((c) => columns[c]!)));
  }
  return groups;
}

/** The columns of the covariance of the predictions: [classes][classes]. */
function covariance(probabilities: Float32Array, classes: number): Float64Array[] {
  const size = probabilities.length / classes;
  const mean = new Float64Array(classes);
  probabilities.forEach((p, i) => {
    mean[i % classes]! += p / size;
  });
  const columns = Array.from({ length: classes }, () => new Float64Array(classes));
  for (let r = 0; r < size; r++) {
    const row = probabilities.subarray(r * classes, (r + 1) * classes);
    for (let c = 0; c < classes; c++) {
      const deviation = (row[c]! - mean[c]!) / size;
      const column = columns[c]!;
      for (let d = 0; d < classes; d++) column[d]! += deviation * (row[d]! - mean[d]!);
    }
  }
  return columns;
}

/** Covariances divided by both deviations; zero for a class whose prediction never varies. */
function correlation(columns: readonly Float64Array[]): Float64Array[] {
  const deviations = columns.map((column, c) => Math.sqrt(column[c]!));
  return columns.map((column, c) =>
    column.map((v, d) => {
      const both = deviations[c]! * deviations[d]!;
      return both > 0 ? v / both : 0;
    }),
  );
}

function farthestFirst(columns: readonly Float64Array[], count: number): Float64Array[] {
  const origin = new Float64Array(columns.length);
  const centers = [columns[greatest(columns.map((column) => distance(column, origin)))]!];
  while (centers.length < count) {
    const nearest = columns.map((column) => Math.min(...centers.map((center) => distance(column, center))));
    const next = greatest(nearest);
    if (nearest[next] === 0)
      throw new DistillError(
        'bad-argument',
        `the predictions tell only ${centers.length} groups of classes apart, not ${count}`,
      );
    centers.push(columns[next]!);
  }
  return centers;
}

/** The classes nearest to each center; a center left with none is dropped. */
function assigned(columns: readonly Float64Array[], centers: readonly Float64Array[]): number[][] {
  const groups: number[][] = centers.map(() => []);
  columns.forEach((column, c) => {
    const distances = centers.map((center) => -distance(column, center));
    groups[greatest(distances)]!.push(c);
  });
  return groups.filter((group) => group.length > 0);
}

function meanOf(columns: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(columns[0]!.length);
  for (const column of columns)
    column.forEach((v, i) => {
      mean[i]! += v / columns.length;
    });
  return mean;
}

/** Squared Euclidean distance. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + (v - b[i]!) * (v - b[i]!), 0);
}

/** Index of the greatest value; the first in a tie. */
function greatest(values: readonly number[]): number {
  return values.reduce((best, v, i) => (v > values[best]! ? i : best), 0);
}
