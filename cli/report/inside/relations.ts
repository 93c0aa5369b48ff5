import { Buffer } from 'node:buffer';
import { type Dataset, DistillError, type Engine, select, type TrainedModel } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { activationsOf, hiddenOf } from 'wasm-distill/objectives';
import type { ImageData8 } from '../report.ts';
import type { Drawing } from './drawings.ts';
import type { Measure, RelationFigure } from './inside.ts';

/** How many test samples the matrices are of. */
const MOST_SHOWN = 30;

/** A row of numbers for each sample. */
export interface Rows {
  size: number;
  values: Float32Array;
}

export interface Students {
  distilled: TrainedModel;
  hard: TrainedModel;
}

export interface Compared extends Students {
  teacher: AnyModel;
}

/** How alike some test samples are for teacher and students; undefined where few have a label. */
export async function relationFigure(
  engine: Engine,
  { measure, layer, teacherLayer }: Extract<Drawing, { kind: 'relation' }>,
  models: Compared,
  test: Dataset,
): Promise<RelationFigure | undefined> {
  const shown = byClass(test);
  if (shown.length < 2) return undefined;
  const data = select(test, shown);
  const rows = [
    await rowsOf(engine, models.teacher, data, teacherLayer),
    await rowsOf(engine, models.distilled, data, layer),
    await rowsOf(engine, models.hard, data, layer),
  ];
  const [teacher, distilled, hard] = rows.map((one) => one && matrixOf(one, measure));
  if (!teacher || !distilled || !hard) return undefined;
  const matrices = { teacher, distilled, hard };
  const all = Object.values(matrices).flatMap((one) => [...one]);
  const range: [number, number] = [Math.min(...all), Math.max(...all)];
  const picture = (values: Float64Array) => pictureOf(values, range, measure);
  return {
    measure,
    labels: shown.map((index) => test.labels[index]!),
    matrices: {
      teacher: picture(matrices.teacher),
      distilled: picture(matrices.distilled),
      hard: picture(matrices.hard),
    },
    range,
    apart: {
      distilled: apart(matrices.distilled, matrices.teacher),
      hard: apart(matrices.hard, matrices.teacher),
    },
  };
}

/**
 * What a layer answers for each sample, or what the last layer with weights takes; undefined where nobody can tell, as of a
 * service or of a network without a hidden layer.
 */
export async function rowsOf(
  engine: Engine,
  model: AnyModel,
  data: Dataset,
  layer: string | undefined,
): Promise<Rows | undefined> {
  if (!('architecture' in model || model.features)) return undefined;
  const named = layer !== undefined && 'architecture' in model;
  try {
    const values = named
      ? await activationsOf(engine, model, data, layer)
      : await hiddenOf(engine, model, data);
    return { size: data.size, values };
  } catch (error) {
    // A run that is over isn't to fail for a figure.
    if (error instanceof DistillError && error.code === 'bad-argument') return undefined;
    throw error;
  }
}

/** As many of each class, sorted by class. */
function byClass({ labels, classes }: Dataset): number[] {
  const each = Math.max(1, Math.floor(MOST_SHOWN / classes));
  const chosen: number[] = [];
  const counts = new Map<number, number>();
  for (const [i, label] of labels.entries()) {
    const count = counts.get(label) ?? 0;
    if (label < 0 || count >= each || chosen.length >= MOST_SHOWN) continue;
    counts.set(label, count + 1);
    chosen.push(i);
  }
  return chosen.sort((a, b) => labels[a]! - labels[b]! || a - b);
}

function matrixOf(rows: Rows, measure: Measure): Float64Array {
  const { size } = rows;
  const products = productsOf(rows);
  const length = (i: number) => products[i * size + i]!;
  if (measure === 'cosines')
    return products.map((product, at) => {
      const lengths = Math.sqrt(length(Math.floor(at / size)) * length(at % size));
      return lengths > 0 ? product / lengths : 0;
    });
  const distances = products.map((product, at) =>
    Math.sqrt(Math.max(0, length(Math.floor(at / size)) + length(at % size) - 2 * product)),
  );
  const mean = distances.reduce((sum, one) => sum + one, 0) / (size * (size - 1)) || 1;
  return distances.map((distance) => distance / mean);
}

/** Inner products of all pairs. */
export function productsOf({ size, values }: Rows): Float64Array {
  const units = values.length / size;
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      let sum = 0;
      for (let u = 0; u < units; u++) sum += values[i * units + u]! * values[j * units + u]!;
      products[i * size + j] = sum;
      products[j * size + i] = sum;
    }
  return products;
}

function apart(own: Float64Array, teacher: Float64Array): number {
  return own.reduce((sum, value, i) => sum + Math.abs(value - teacher[i]!), 0) / own.length;
}

/** 255 for the most alike: the greatest cosine, the least distance. */
function pictureOf(values: Float64Array, [least, most]: [number, number], measure: Measure): ImageData8 {
  const side = Math.sqrt(values.length);
  const share = (value: number) => (value - least) / (most - least || 1);
  const data = Uint8Array.from(values, (value) =>
    Math.round(255 * (measure === 'cosines' ? share(value) : 1 - share(value))),
  );
  return { height: side, width: side, base64: Buffer.from(data).toString('base64') };
}
