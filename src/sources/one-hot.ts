import { isText, type NumericArray, type TextArray } from '../formats/numeric-array.js';
import type { Cell } from '../formats/table.js';

/** Labels that were written as rows of zeros with a single 1. */
export interface OneHot {
  /** Of each row the place of its 1. */
  readonly places: Int32Array;
  /** What the classes are called: their places. */
  readonly classNames: readonly string[];
}

/** Labels [n, classes]; undefined for all else, such as [n, 1], soft targets, or several labels a row. */
export function oneHotArray(labels: NumericArray | TextArray): OneHot | undefined {
  const [rows, classes, ...more] = labels.shape;
  if (isText(labels) || rows === undefined || classes === undefined || more.length > 0) return undefined;
  const { data } = labels;
  return oneHot(rows, classes, (row, place) => data[row * classes + place]!);
}

/** A column of lists of one length. */
export function oneHotLists(values: ArrayLike<Cell>): OneHot | undefined {
  const first = values[0];
  if (!Array.isArray(first)) return undefined;
  const { length } = first;
  for (let row = 0; row < values.length; row++) {
    const cell = values[row];
    if (!Array.isArray(cell) || cell.length !== length) return undefined;
  }
  return oneHot(values.length, length, (row, place) => (values[row] as readonly Cell[])[place]!);
}

function oneHot(
  rows: number,
  classes: number,
  cellAt: (row: number, place: number) => Cell,
): OneHot | undefined {
  if (classes < 2) return undefined;
  const places = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++)
    for (let place = 0; place < classes; place++) {
      const cell = cellAt(row, place);
      const value = typeof cell === 'bigint' || typeof cell === 'boolean' ? Number(cell) : cell;
      if (value === 1 && places[row]! < 0) places[row] = place;
      else if (value !== 0) return undefined;
    }
  if (places.includes(-1)) return undefined;
  return { places, classNames: Array.from({ length: classes }, (_, place) => String(place)) };
}
