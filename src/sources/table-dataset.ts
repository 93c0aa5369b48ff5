import { brandOf, checkList, checkNames, shown } from '../checks.js';
import { type Dataset, makeDataset } from '../data/dataset.js';
import { demand } from '../errors.js';
import { columnIndex, listed, type Table } from '../formats/table.js';
import { classLabels } from './class-labels.js';
import { oneHotLists } from './one-hot.js';
import { type Features, fillMissing, isMissing, readFeatures } from './table-features.js';

/** How rows of a table became samples, as plain JSON: what reads other rows the same way. */
export interface TableReading {
  /** The label's column; null where there is none. */
  readonly label: string | null;
  /** The inputs' columns, in order. */
  readonly inputs: readonly string[];
  readonly classNames: readonly string[];
  /** What stands for a missing value, by feature, where missing values are filled: the training data's means. */
  readonly fill?: readonly number[];
}

/** A data set from a table. */
export interface TableDataset extends Dataset {
  readonly classNames: readonly string[];
  readonly reading: TableReading;
}

export interface TableDatasetOptions {
  /**
   * The column of labels, by name or index (from 0; −1 is the last), or false for none. Default: the one that the file
   * says to be it, one called label, class, target or species (in any case), or the only one that holds texts.
   */
  label?: string | number | false;
  /** The columns of inputs, by name or index (default: all others, without an unnamed first one that counts the rows). */
  inputs?: readonly (string | number)[];
  /** 'mean': a missing number is taken to be the mean of its column. Default: missing numbers are refused. */
  missing?: 'mean';
  /** The classes of the training data, in order: labels are found among them by name. */
  classNames?: readonly string[];
  /** How the training data were read: the same columns, classes and means, whatever else the table holds. */
  like?: TableReading;
  /** What error messages call the data. */
  name?: string;
}

export const tableOptions = ['label', 'inputs', 'missing', 'classNames', 'like', 'name'];

const labelNames = ['label', 'labels', 'class', 'target', 'species'];

/**
 * A data set of a table's rows: columns of numbers become inputs [features] as f32, a column of classes labels. A column
 * of lists of numbers, all of one length, gives several features; as the only input it keeps its shape.
 *
 * Missing is what is null, NaN, empty, or one of NA, N/A, NaN, nan, null, None and ?. Rows without a label, or with −1,
 * are unlabeled.
 * @throws DistillError 'bad-argument' for columns that aren't there, 'bad-file' for values that are no numbers, for
 * missing ones, and for labels with fractions: regression isn't supported.
 */
export function tableDataset(table: Table, options: TableDatasetOptions = {}): TableDataset {
  checkNames(options, 'tableDataset', tableOptions);
  const { like, missing, name = 'the table' } = options;
  checkTable(table, name);
  checkOptions(options);
  demand(
    missing === undefined || missing === 'mean',
    () => `missing is ${shown(missing)}; give 'mean', or nothing to refuse missing values`,
  );
  demand(
    missing === undefined || like === undefined || like.fill !== undefined,
    () =>
      `${name}: like has no means to fill missing values with: read the training data with missing: 'mean'`,
  );
  const label = labelOf(table, options, name);
  const inputs = inputsOf(table, options, label, name);

  const features = readFeatures(table, inputs, name, missing !== undefined || like?.fill !== undefined);
  const fill = like?.fill ?? (missing && meansOf(features));
  if (fill) fillMissing(features, fill, name);
  const { labels, classNames } = labelsOf(table, label, options, name);
  const { shape, values } = features;
  const dataset = makeDataset({ inputs: { shape, values }, labels, classNames, name });
  const columns = table.columns.map((column) => column.name);
  const reading = {
    label: label === undefined ? null : columns[label]!,
    inputs: inputs.map((index) => columns[index]!),
    classNames,
    ...(fill && { fill }),
  };
  return { ...dataset, classNames, reading };
}

/** Some rows of a table, in this order: to split it before anything is made of its rows. */
export function selectRows(table: Table, indices: ArrayLike<number>): Table {
  checkTable(table, 'the table');
  const rows = Array.from(indices ?? []);
  const bad = rows.find((i) => !(Number.isInteger(i) && i >= 0 && i < table.rows));
  demand(bad === undefined, () => `there is no row ${shown(bad)}: they go from 0 to ${table.rows - 1}`);
  const columns = table.columns.map(({ name, values }) => ({
    name,
    values:
      brandOf(values) === 'Float64Array'
        ? Float64Array.from(rows, (i) => values[i] as number)
        : rows.map((i) => values[i]!),
  }));
  return { ...table, rows: rows.length, columns };
}

/**
 * The labels of a table's rows alone, for inputs that are no numbers; `label` is their column.
 * @throws DistillError as `tableDataset` does.
 */
export function tableLabels(
  table: Table,
  options: TableDatasetOptions,
): { label: string | null; labels: Int32Array; classNames: readonly string[] } {
  const { name = 'the table' } = options;
  checkTable(table, name);
  checkOptions(options);
  const label = labelOf(table, options, name);
  const { labels, classNames } = labelsOf(table, label, options, name);
  return { label: label === undefined ? null : table.columns[label]!.name, labels, classNames };
}

/**
 * Which column holds the labels, null for none, and which the inputs, where these are numbers.
 * @throws DistillError as `tableDataset` does.
 */
export function chosenColumns(
  table: Table,
  options: TableDatasetOptions,
  inputs: 'numbers' | 'images',
): { label: string | null; inputs: readonly string[] } {
  const { name = 'the table' } = options;
  checkTable(table, name);
  checkOptions(options);
  const label = labelOf(table, options, name);
  const chosen = inputs === 'numbers' ? inputsOf(table, options, label, name) : [];
  const nameOf = (index: number) => table.columns[index]!.name;
  return { label: label === undefined ? null : nameOf(label), inputs: chosen.map(nameOf) };
}

function labelsOf(
  table: Table,
  label: number | undefined,
  { like, classNames }: TableDatasetOptions,
  name: string,
) {
  const known = classNames ?? like?.classNames;
  if (label === undefined)
    return { labels: new Int32Array(table.rows).fill(-1), classNames: known ?? [NO_CLASS] };
  const { name: column, values } = table.columns[label]!;
  const meanings =
    table.classNames && Object.hasOwn(table.classNames, column) ? table.classNames[column] : undefined;
  const hot = oneHotLists(values);
  return classLabels(hot?.places ?? values, {
    name: `${name}, column ${JSON.stringify(column)}`,
    meanings,
    classNames: known ?? (meanings ? undefined : hot?.classNames),
  });
}

/** The one class of data that are unlabeled and nobody named classes of. */
const NO_CLASS = 'unlabeled';

function labelOf(table: Table, { label, like }: TableDatasetOptions, name: string): number | undefined {
  if (label === false) return undefined;
  if (label !== undefined) return columnIndex(table, label, 'the label', name);
  if (like) {
    const index = table.columns.findIndex((column) => column.name === like.label);
    return index < 0 ? undefined : index;
  }
  const { columns, classNames = {} } = table;
  const said = columns.findIndex((column) => Object.hasOwn(classNames, column.name));
  if (said >= 0) return said;
  for (const word of labelNames) {
    const index = columns.findIndex((column) => column.name.toLowerCase() === word);
    if (index >= 0) return index;
  }
  const texts = [...columns.keys()].filter((i) => isText(columns[i]!.values));
  demand(
    texts.length === 1,
    () =>
      `${name}: which column holds the labels? Name it as label, or give label: false for none; there are ${listed(table)}`,
  );
  return texts[0];
}

function inputsOf(
  table: Table,
  { inputs, like }: TableDatasetOptions,
  label: number | undefined,
  name: string,
): number[] {
  const chosen = (like?.inputs ?? inputs)?.map((column) => columnIndex(table, column, 'the input', name));
  const all = table.columns.map((_, i) => i).filter((i) => i !== label && !(i === 0 && countsRows(table)));
  const found = chosen ?? all;
  demand(
    found.length > 0,
    () => `${name}: there is no column of inputs beside the label; there are ${listed(table)}`,
  );
  demand(
    label === undefined || !found.includes(label),
    () =>
      `${name}: ${JSON.stringify(table.columns[label!]!.name)} is given as label and as input; leave it out of the inputs`,
  );
  return found;
}

/** Whether the first column is the index that pandas writes: without a name, counting from 0. */
function countsRows({ columns, rows }: Table): boolean {
  const { name, values } = columns[0]!;
  if (name !== '' || columns.length === 1) return false;
  for (let i = 0; i < rows; i++) if (values[i] !== i) return false;
  return true;
}

function isText(values: Table['columns'][number]['values']): boolean {
  if (brandOf(values) === 'Float64Array') return false;
  return Array.from(values).some((cell) => typeof cell === 'string' && !isMissing(cell));
}

function meansOf({ shape, values, missing }: Features): number[] {
  const each = shape.reduce((a, b) => a * b, 1);
  const sums = new Float64Array(each);
  const counts = new Float64Array(each);
  for (let i = 0, k = 0; i < values.length; i++, k = k + 1 === each ? 0 : k + 1) {
    if (Number.isNaN(values[i]!)) continue;
    sums[k]! += values[i]!;
    counts[k]!++;
  }
  return Array.from(sums, (sum, k) => {
    demand(
      counts[k]! > 0,
      () => `${missing.columnOf(k)} has no value at all: leave it out of the inputs`,
      'bad-file',
    );
    return Math.fround(sum / counts[k]!);
  });
}

function checkTable(table: Table, name: string): void {
  demand(
    Number.isInteger(table?.rows) && Array.isArray(table.columns) && table.columns.length > 0,
    () => `${name} must be a table as parseCsv answers it, { rows, columns }, not ${shown(table)}`,
  );
  demand(table.rows > 0, () => `${name}: there is no row in it`, 'bad-file');
  const wrong = table.columns.find(
    (column) => typeof column?.name !== 'string' || column.values?.length !== table.rows,
  );
  demand(
    wrong === undefined,
    () => `${name}: each column must be { name, values } with ${table.rows} values, not ${shown(wrong)}`,
  );
}

function checkOptions({ label, inputs, classNames, like }: TableDatasetOptions): void {
  demand(
    label === undefined || label === false || typeof label === 'string' || typeof label === 'number',
    () => `label must be a column's name or index, or false, not ${shown(label)}`,
  );
  const isColumn = (column: unknown) => typeof column === 'string' || typeof column === 'number';
  if (inputs !== undefined) checkList(inputs, 'inputs', "columns' names or indices", isColumn);
  const isName = (word: unknown) => typeof word === 'string';
  if (classNames !== undefined) checkList(classNames, 'classNames', 'names', isName);
  if (like === undefined) return;
  checkNames(like, 'like', ['label', 'inputs', 'classNames', 'fill']);
  checkList(like.inputs, 'the inputs of like', "columns' names", isName);
  checkList(like.classNames, 'the classNames of like', 'names', isName);
  if (like.fill !== undefined) checkList(like.fill, 'the fill of like', 'numbers', Number.isFinite);
}
