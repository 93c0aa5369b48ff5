import { type Dataset, type Engine, select } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { shownSample } from '../shown-sample.ts';
import type { Drawing } from './drawings.ts';
import type { NeighborsFigure } from './inside.ts';
import { productsOf, type Rows, rowsOf, type Students } from './relations.ts';

/** How many test samples are searched: all pairs of them are compared, which takes so many products. */
const MOST_SEARCHED = 1000;
const MOST_PRODUCTS = 4e8;
const QUERIES = 6;
/** How many of the nearest are shown. */
const MOST_SHOWN = 6;

/** Some objectives take no teacher. */
interface Searching extends Students {
  teacher?: AnyModel | undefined;
}

/** What the student finds nearest to some test samples; undefined where fewer than two have a label. */
export async function neighborsFigure(
  engine: Engine,
  drawing: Extract<Drawing, { kind: 'neighbors' }>,
  models: Searching,
  test: Dataset,
): Promise<NeighborsFigure | undefined> {
  const { layer, teacherLayer } = drawing;
  const labeled = [...test.labels.keys()].filter((i) => test.labels[i]! >= 0);
  if (labeled.length < 2) return undefined;
  const most = await mostSearched(engine, models, select(test, labeled.slice(0, 2)), drawing);
  const searched = labeled.slice(0, most);
  const data = select(test, searched);
  const nearest = async (model: AnyModel | undefined, at: string | undefined) => {
    const rows = model && (await rowsOf(engine, model, data, at));
    return rows && nearestOf(rows);
  };
  const own = await nearest(models.distilled, layer);
  const others = await nearest(models.hard, layer);
  const teachers = await nearest(models.teacher, teacherLayer);
  if (!own || !others) return undefined;
  const first = (lists: readonly number[][]) =>
    lists.filter(([found], i) => data.labels[found!] === data.labels[i]).length / data.size;
  const shown = (i: number) => ({
    ...{ index: searched[i]!, label: data.labels[i]! },
    ...shownSample(data, i),
  });
  return {
    searched: data.size,
    first: { distilled: first(own), hard: first(others), ...(teachers && { teacher: first(teachers) }) },
    queries: queriesOf(data).map((i) => ({ ...shown(i), found: own[i]!.map(shown) })),
  };
}

/** Of samples with many numbers fewer. */
async function mostSearched(
  engine: Engine,
  { teacher, distilled }: Searching,
  some: Dataset,
  { layer, teacherLayer }: Extract<Drawing, { kind: 'neighbors' }>,
): Promise<number> {
  const both = [
    teacher && (await rowsOf(engine, teacher, some, teacherLayer)),
    await rowsOf(engine, distilled, some, layer),
  ];
  const units = Math.max(1, ...both.map((rows) => (rows ? rows.values.length / some.size : 0)));
  return Math.min(MOST_SEARCHED, Math.max(2, Math.floor(Math.sqrt(MOST_PRODUCTS / units))));
}

/** For each sample the others that are nearest, the nearest first. */
function nearestOf(rows: Rows): number[][] {
  const { size } = rows;
  const products = productsOf(rows);
  return Array.from({ length: size }, (_, i) => {
    const found: { j: number; distance: number }[] = [];
    for (let j = 0; j < size; j++) {
      // Squared, less the sample's own length, which is the same for all.
      const distance = products[j * size + j]! - 2 * products[i * size + j]!;
      if (j === i || (found.length === MOST_SHOWN && distance >= found.at(-1)!.distance)) continue;
      const at = found.findIndex((one) => distance < one.distance);
      found.splice(at < 0 ? found.length : at, 0, { j, distance });
      if (found.length > MOST_SHOWN) found.pop();
    }
    return found.map(({ j }) => j);
  });
}

/** The first of each class. */
function queriesOf({ labels }: Dataset): number[] {
  return [...new Set(labels)].slice(0, QUERIES).map((label) => labels.indexOf(label));
}
