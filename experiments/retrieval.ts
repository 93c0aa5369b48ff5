/** Samples by their numbers, and which of them belong together. */
export interface Embedded {
  /** [size, units] */
  values: Float32Array;
  labels: Int32Array;
}

/** What a sample finds among all others, the nearest first. */
export interface Retrieval {
  /** The share of samples whose nearest one is of their class. */
  recallAtOne: number;
  /** The mean over samples of the mean precision at each place where one of their class is. */
  meanAveragePrecision: number;
}

/** By Euclidean distance; of equally near ones the first is nearer. Samples without another of their class don't ask. */
export function retrieval({ values, labels }: Embedded): Retrieval {
  const units = values.length / labels.length;
  let [found, precision, asked] = [0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const own = placesOfOwn(values, labels, units, i);
    if (own.length === 0) continue;
    asked++;
    if (own[0] === 0) found++;
    precision += averagePrecision(own);
  }
  if (asked === 0) return { recallAtOne: 0, meanAveragePrecision: 0 };
  return { recallAtOne: found / asked, meanAveragePrecision: precision / asked };
}

/**
 * The places of a sample's class among the others, the nearest at 0, in order. Only those of the class are sorted, the
 * others counted between them: for 5,000 samples this takes half the time of sorting all distances.
 */
function placesOfOwn(values: Float32Array, labels: Int32Array, units: number, query: number): number[] {
  const distances = distancesFrom(values, units, query);
  const nearer = (i: number, j: number): number => distances[i]! - distances[j]! || i - j;
  const own: number[] = [];
  const others: number[] = [];
  for (const [j, label] of labels.entries()) {
    if (label !== labels[query]) others.push(j);
    else if (j !== query) own.push(j);
  }
  own.sort(nearer);
  const before = new Int32Array(own.length + 1);
  for (const j of others) before[nearerThan(own, j, nearer)]!++;
  let passed = 0;
  return own.map((_, i) => {
    passed += before[i]!;
    return i + passed;
  });
}

function distancesFrom(values: Float32Array, units: number, query: number): Float64Array {
  const distances = new Float64Array(values.length / units);
  for (let j = 0; j < distances.length; j++) distances[j] = distance(values, units, query, j);
  return distances;
}

/** How many of these, in order, come before a sample. */
function nearerThan(
  ordered: readonly number[],
  sample: number,
  nearer: (i: number, j: number) => number,
): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nearer(ordered[middle]!, sample) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function distance(values: Float32Array, units: number, i: number, j: number): number {
  let sum = 0;
  for (let u = 0; u < units; u++) sum += (values[i * units + u]! - values[j * units + u]!) ** 2;
  return sum;
}

/** The mean of the precision at each of these places. */
function averagePrecision(places: readonly number[]): number {
  return places.reduce((sum, place, i) => sum + (i + 1) / (place + 1), 0) / places.length;
}
