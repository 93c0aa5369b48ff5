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
 * The places of a sample's class among the others, the nearest at 0, in order. Numbers are sorted, and places looked up
 * in them: sorting samples by a function took minutes for thousands of them.
 */
function placesOfOwn(values: Float32Array, labels: Int32Array, units: number, query: number): number[] {
  const distances = Float64Array.from(labels, (_, j) => distance(values, units, query, j));
  // The sample itself isn't among the others, and is as far as nothing is.
  distances[query] = Infinity;
  const sorted = distances.slice().sort();
  const places: number[] = [];
  for (const [j, far] of distances.entries()) {
    if (j === query || labels[j] !== labels[query]) continue;
    const first = firstPlace(sorted, far);
    places.push(sorted[first + 1] === far ? first + equalBefore(distances, j) : first);
  }
  return places.sort((a, b) => a - b);
}

/** How many before sample j are as far: of equally near ones the first is nearer. */
function equalBefore(distances: Float64Array, j: number): number {
  let count = 0;
  for (let i = 0; i < j; i++) if (distances[i] === distances[j]) count++;
  return count;
}

/** Where a number that is among sorted ones stands first. */
function firstPlace(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
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
