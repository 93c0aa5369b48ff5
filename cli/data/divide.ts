import { select } from 'wasm-distill';
import { splitPlaces } from 'wasm-distill/data';
import type { Context } from '../context.ts';
import type { Data, Indices, Parts, Reading } from './reader.ts';
import { isStream, loaded } from './stream.ts';

/** The share of samples that tests are made on where no test data are there. */
export const TEST_SHARE = 0.2;

/**
 * Not the run's seed: which samples are for tests would change with it, results of two seeds wouldn't be comparable,
 * and `evaluate` would count errors on samples that were learned from.
 */
const SEED = 1;

export interface Shares {
  test?: number;
  val?: number;
  /** Only the first of what is left beside the test part; the validation part is one of these. */
  limit?: number;
}

/** Splits the training part: off go a test part and a validation part, by class, as far as shares are given. */
export async function divided(
  reading: Reading,
  { test, val, limit }: Shares,
  context: Context,
): Promise<Parts> {
  const { labels, classes } = reading.train;
  const off = (places: readonly number[], share: number | undefined) => {
    if (share === undefined) return { rest: places };
    const found = splitPlaces({ labels: Int32Array.from(places, (i) => labels[i]!), classes }, share, SEED);
    return { part: found.part.map((i) => places[i]!), rest: found.rest.map((i) => places[i]!) };
  };
  const tested = off(Array.from(labels.keys()), test);
  const validated = off(tested.rest.slice(0, limit), val);
  const indices: Indices = {
    train: validated.rest,
    ...(validated.part && { val: validated.part }),
    ...(tested.part && { test: tested.part }),
  };
  if (reading.divide) return { ...reading.divide(indices), indices };
  const { train } = reading;
  return { train: select(train, indices.train), ...(await partsOf(train, indices, context)), indices };
}

/** The parts beside the training data, in memory: those of a stream come in one pass over it. */
async function partsOf(
  data: Data,
  { val, test }: Indices,
  context: Context,
): Promise<Pick<Parts, 'val' | 'test'>> {
  if (!isStream(data))
    return { ...(val && { val: select(data, val) }), ...(test && { test: select(data, test) }) };
  const all = [...(val ?? []), ...(test ?? [])].sort((a, b) => a - b);
  if (all.length === 0) return {};
  const title = val && test ? 'reading val and test' : `reading the ${val ? 'val' : 'test'} part`;
  const found = await loaded(select(data, all), context, title);
  const places = new Map(all.map((sample, place) => [sample, place]));
  const part = (samples: readonly number[]) =>
    select(
      found,
      samples.map((sample) => places.get(sample)!),
    );
  return { ...(val && { val: part(val) }), ...(test && { test: part(test) }) };
}
