import { brandOf, checkBoolean, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { type Augmentation, viewCount } from './augment/index.js';

/** Numbers that belong to the samples: soft targets, logits, features, weights. */
export interface Column {
  /** [size, …shape], or with `views` [size, views, …shape]: one for every view of a sample. */
  readonly values: Float32Array;
  /** Of one sample. */
  readonly shape: Shape;
  /** Whether there are numbers for each of the feed's views (default: the same for all). */
  readonly views?: boolean;
}

/** @throws DistillError 'bad-argument' */
export function checkColumn(column: Column, name: string): void {
  checkNames(column, name, ['values', 'shape', 'views']);
  const { values, shape, views = false } = column;
  demand(
    brandOf(values) === 'Float32Array',
    () => `the values of ${name} must be a Float32Array, not ${shown(values)}`,
  );
  demand(
    Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 1),
    () =>
      `the shape of ${name} must be that of one sample, such as [10], or [] for one number, not ${shown(shape)}`,
  );
  checkBoolean(views, `views of ${name}`);
}

/** Refuses a column that doesn't belong to so many samples. @throws DistillError 'bad-argument' */
export function checkLength(
  name: string,
  { values, shape, views = false }: Column,
  samples: number,
  augment: readonly Augmentation[],
): void {
  const each = views ? viewCount(augment) : 1;
  const needed = samples * each * size(shape);
  demand(
    values.length === needed,
    () =>
      `column ${name} has ${values.length} numbers, but ${samples} samples${each > 1 ? ` in ${each} views` : ''} of shape [${shape}] need ${needed}`,
  );
  const bad = values.findIndex((v) => !Number.isFinite(v));
  demand(bad < 0, () => `number ${bad} of column ${name} is ${values[bad]}`);
}
