import type { Dataset } from 'wasm-distill';
import { permutationImportance, split } from 'wasm-distill/data';
import type { Importance } from '../report/comparison.ts';

/** Of more columns nobody would read a list. */
const MOST_FEATURES = 100;
const MOST_ROWS = 5000;
const SHUFFLES = 3;
/** Predictions of each model in all: what keeps this short beside a training. */
const MOST_PREDICTIONS = 200_000;

export interface Judges {
  ensemble?: (data: Dataset) => Promise<Float32Array>;
  distilled(data: Dataset): Promise<Float32Array>;
}

/**
 * Permutation importance (Breiman, "Random Forests", Machine Learning 45, 2001) of a table's columns for the teachers
 * and the student; undefined for what has none, or too many. The seed's shuffles are always the same.
 */
export async function importanceOf(
  judges: Judges,
  test: Dataset,
  { columns, seed }: { columns: readonly string[] | undefined; seed: number },
): Promise<Importance | undefined> {
  const [features, ...more] = test.inputs.shape;
  if (more.length > 0 || features! > MOST_FEATURES) return undefined;
  const rows = someRows(
    test,
    Math.min(MOST_ROWS, Math.floor(MOST_PREDICTIONS / (features! * SHUFFLES))),
    seed,
  );
  if (rows.labels.every((label) => label < 0)) return undefined;
  const options = { seed, shuffles: SHUFFLES };
  const ensemble = judges.ensemble && (await permutationImportance(rows, judges.ensemble, options));
  const distilled = await permutationImportance(rows, (data) => judges.distilled(data), options);
  const named = columns?.length === features ? columns : undefined;
  return {
    rows: rows.labels.filter((label) => label >= 0).length,
    shuffles: SHUFFLES,
    features: distilled.map((errors, i) => ({
      name: named?.[i] ?? String(i),
      ...(ensemble && { ensemble: ensemble[i]! }),
      distilled: errors,
    })),
  };
}

function someRows(test: Dataset, most: number, seed: number): Dataset {
  return test.size > most ? split(test, most / test.size, seed).part : test;
}
