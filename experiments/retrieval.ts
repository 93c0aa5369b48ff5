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
    const own = hits(values, labels, units, i);
    if (!own.includes(true)) continue;
    asked++;
    if (own[0]) found++;
    precision += averagePrecision(own);
  }
  if (asked === 0) return { recallAtOne: 0, meanAveragePrecision: 0 };
  return { recallAtOne: found / asked, meanAveragePrecision: precision / asked };
}

/** Whether the others are of a sample's class, the nearest first. */
function hits(values: Float32Array, labels: Int32Array, units: number, query: number): boolean[] {
  const others = [...labels.keys()].filter((j) => j !== query);
  const distances = Float64Array.from(labels, (_, j) => distance(values, units, query, j));
  others.sort((a, b) => distances[a]! - distances[b]! || a - b);
  return others.map((j) => labels[j] === labels[query]);
}

function distance(values: Float32Array, units: number, i: number, j: number): number {
  let sum = 0;
  for (let u = 0; u < units; u++) sum += (values[i * units + u]! - values[j * units + u]!) ** 2;
  return sum;
}

function averagePrecision(own: readonly boolean[]): number {
  let [found, sum] = [0, 0];
  for (const [place, hit] of own.entries()) {
    if (!hit) continue;
    found++;
    sum += found / (place + 1);
  }
  return sum / found;
}
