import { type Dataset, DistillError, select } from 'wasm-distill';
import { concatenate, samplesSha256 } from 'wasm-distill/data';
import type { TrainingRows } from '../data/rows.ts';
import { count, counted } from '../format/numbers.ts';
import { UsageError } from '../terminal/usage.ts';
import type { SoftRows } from './soft-file.ts';

/** Samples with their outputs, row by row. */
export interface Bound {
  data: Dataset;
  values: Float64Array;
}

/**
 * Outputs with the samples that they are of: by ids, or by order where there are as many as training rows, before or after
 * parts were split off them.
 * @throws DistillError 'mismatch'
 */
export async function bind(file: string, soft: SoftRows, rows: TrainingRows): Promise<Bound> {
  const places = await placesOf(file, soft, rows);
  let data: Dataset | undefined;
  const found: number[] = [];
  for (const part of rows.parts) {
    const known = part.rows.flatMap((row, i) => (places(row) === undefined ? [] : [i]));
    if (known.length === 0) continue;
    const some = known.length === part.data.size ? part.data : select(part.data, known);
    data = data ? concatenate(data, some) : some;
    for (const i of known) found.push(places(part.rows[i]!)!);
  }
  if (!data) throw new DistillError('mismatch', `--soft ${file}: none of its rows is one of the data`);
  const { columns } = soft;
  const values = new Float64Array(found.length * columns);
  for (const [i, row] of found.entries())
    values.set(soft.values.subarray(row * columns, (row + 1) * columns), i * columns);
  return { data, values };
}

/** Where the outputs of a training row are. */
type Places = (row: number) => number | undefined;

async function placesOf(file: string, soft: SoftRows, rows: TrainingRows): Promise<Places> {
  if (soft.ids) return byId(file, soft.ids, rows);
  const { whole, parts } = rows;
  const train = parts[0]!;
  const own: Places = (row) => afterwards.get(row);
  const afterwards = new Map(train.rows.map((row, place) => [row, place]));
  const all: Places = (row) => row;
  if (soft.transferSet !== undefined) {
    if (soft.transferSet === (await samplesSha256(whole))) return all;
    if (soft.transferSet === (await samplesSha256(train.data))) return own;
    throw new DistillError(
      'mismatch',
      `--soft ${file}: it was made for other samples, or for another order of them: make it again with soften for these data, with the same --limit, --val and --size`,
    );
  }
  if (soft.rows === whole.size) return all;
  if (soft.rows === train.data.size) return own;
  const left = train.data.size === whole.size ? '' : ` (${count(train.data.size)} of them to learn from)`;
  throw new DistillError(
    'mismatch',
    `--soft ${file}: it has ${counted(soft.rows, 'row')}, but the data have ${count(whole.size)} training rows${left}: give a row for each, in their order, or ids with --soft-id`,
  );
}

function byId(file: string, ids: readonly string[], { ids: known, whole }: TrainingRows): Places {
  if (!known)
    throw new UsageError('--soft-id: the data have no ids for it: bind rows by their order, without it');
  const places = new Map(ids.map((id, place) => [id, place]));
  if (places.size < ids.length) {
    const twice = ids.find((id, place) => places.get(id) !== place);
    throw new DistillError('mismatch', `--soft ${file}: two rows have the id ${JSON.stringify(twice)}`);
  }
  const full = known.map((id) => places.get(id));
  const bare = known.map((id) => id.split('/').at(-1)!);
  // A folder's images may be called by their paths or, where no two are called alike, by their names alone.
  const short = new Set(bare).size === bare.length ? bare.map((id) => places.get(id)) : [];
  const found = full.some((place) => place !== undefined) ? full : short;
  if (found.every((place) => place === undefined))
    throw new DistillError(
      'mismatch',
      `--soft ${file}: none of its ids, such as ${JSON.stringify(ids[0])}, is one of the ${count(whole.size)} training rows, such as ${JSON.stringify(known[0])}`,
    );
  return (row) => found[row];
}
