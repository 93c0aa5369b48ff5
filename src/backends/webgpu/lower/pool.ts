import type { CompiledNode } from '../../../compiler/node.js';
import type { PoolAttributes } from '../../../graph/names.js';
import { type Shape, size } from '../../../graph/shape.js';
import { float, pointwise } from '../kernel.js';
import { bitTests } from '../math.js';
import type { Lowering } from './lowering.js';

export const averagePool: Lowering<'averagePool'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  return pointwise('averagePool', node, {
    reads: { x },
    writes: { y: node },
    globals: geometry(x.shape, node.shape, node.attributes),
    body: `${placeIn('Y')}
  var sum = 0.0f;
  for (var p = top_of(u32(row)); p < bottom_of(u32(row)); p++) {
    for (var q = left_of(u32(column)); q < right_of(u32(column)); q++) { sum += x[x_at(image, p, q, c)]; }
  }
  y[i] = sum * ${shareOf(node.attributes)};`,
  });
};

export const averagePoolSpread: Lowering<'averagePoolSpread'> = (node) => {
  const [y] = node.inputs as [CompiledNode];
  return pointwise('averagePoolSpread', node, {
    reads: { y },
    writes: { x: node },
    globals: geometry(node.shape, y.shape, node.attributes),
    body: `${placeIn('X')}
  var sum = 0.0f;
  for (var r = first_row(row); r <= last_row(row); r++) {
    for (var s = first_column(column); s <= last_column(column); s++) { sum += y[y_at(image, r, s, c)]; }
  }
  x[i] = sum * ${shareOf(node.attributes)};`,
  });
};

function shareOf({ kernel }: PoolAttributes): string {
  return float(1 / size(kernel));
}

export const maxPool: Lowering<'maxPool'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  return pointwise('maxPool', node, {
    reads: { x },
    writes: { y: node },
    globals: maxima(x.shape, node.shape, node.attributes),
    body: `${placeIn('Y')}
  y[i] = x[place_of_maximum(image, u32(row), u32(column), c)];`,
  });
};

export const maxPoolGather: Lowering<'maxPoolGather'> = (node) => {
  const [x, v] = node.inputs as [CompiledNode, CompiledNode];
  return pointwise('maxPoolGather', node, {
    reads: { x, v },
    writes: { y: node },
    globals: maxima(x.shape, node.shape, node.attributes),
    body: `${placeIn('Y')}
  y[i] = v[place_of_maximum(image, u32(row), u32(column), c)];`,
  });
};

/** Each pixel asks the windows that it lies in whether it is their maximum. */
export const maxPoolScatter: Lowering<'maxPoolScatter'> = (node) => {
  const [x, v] = node.inputs as [CompiledNode, CompiledNode];
  return pointwise('maxPoolScatter', node, {
    reads: { x, v },
    writes: { y: node },
    globals: maxima(x.shape, v.shape, node.attributes),
    body: `${placeIn('X')}
  var sum = 0.0f;
  for (var r = first_row(row); r <= last_row(row); r++) {
    for (var s = first_column(column); s <= last_column(column); s++) {
      if (place_of_maximum(image, u32(r), u32(s), c) == i) { sum += v[y_at(image, r, s, c)]; }
    }
  }
  y[i] = sum;`,
  });
};

/** Image, row, column and channel of element i of the images X, or of what pooling makes of them, Y. */
function placeIn(which: 'X' | 'Y'): string {
  return `  let c = i % CHANNELS;
  let pixel = i / CHANNELS;
  let column = i32(pixel % ${which}_COLUMNS);
  let row = i32((pixel / ${which}_COLUMNS) % ${which}_ROWS);
  let image = pixel / ${`(${which}_ROWS * ${which}_COLUMNS)`};`;
}

/** WGSL of the pixels of a window, and of the windows that a pixel lies in, both without what lies outside. */
function geometry(x: Shape, y: Shape, { kernel, stride, padding }: PoolAttributes): string {
  const [, height, width, channels] = x as [number, number, number, number];
  const [, rows, columns] = y as [number, number, number, number];
  const [top, left] = padding;
  const windows = (axis: 'row' | 'column', step: number, before: number, extent: number, made: number) => `
fn first_${axis}(at: i32) -> i32 { return max(at + ${before + step - extent}, 0) / ${step}; }
fn last_${axis}(at: i32) -> i32 { return min((at + ${before}) / ${step}, ${made - 1}); }`;
  return `
const CHANNELS = ${channels}u;
const X_ROWS = ${height}u;
const X_COLUMNS = ${width}u;
const Y_ROWS = ${rows}u;
const Y_COLUMNS = ${columns}u;
fn top_of(row: u32) -> u32 { return u32(max(i32(row) * ${stride[0]} - ${top}, 0)); }
fn bottom_of(row: u32) -> u32 { return u32(min(i32(row) * ${stride[0]} + ${kernel[0] - top}, ${height})); }
fn left_of(column: u32) -> u32 { return u32(max(i32(column) * ${stride[1]} - ${left}, 0)); }
fn right_of(column: u32) -> u32 { return u32(min(i32(column) * ${stride[1]} + ${kernel[1] - left}, ${width})); }
fn x_at(image: u32, row: u32, column: u32, c: u32) -> u32 {
  return ((image * X_ROWS + row) * X_COLUMNS + column) * CHANNELS + c;
}
fn y_at(image: u32, row: i32, column: i32, c: u32) -> u32 {
  return ((image * Y_ROWS + u32(row)) * Y_COLUMNS + u32(column)) * CHANNELS + c;
}${windows('row', stride[0], top, kernel[0], rows)}${windows('column', stride[1], left, kernel[1], columns)}
`;
}

/** With a function that finds the first maximum of a window in x: a NaN counts as greater than all numbers. */
function maxima(x: Shape, y: Shape, attributes: PoolAttributes): string {
  return `${bitTests}${geometry(x, y, attributes)}
fn is_greater(a: f32, b: f32) -> bool {
  if (is_nan(b)) { return false; }
  return is_nan(a) || a > b;
}
fn place_of_maximum(image: u32, row: u32, column: u32, c: u32) -> u32 {
  var best = x_at(image, top_of(row), left_of(column), c);
  var greatest = x[best];
  for (var p = top_of(row); p < bottom_of(row); p++) {
    for (var q = left_of(column); q < right_of(column); q++) {
      let at = x_at(image, p, q, c);
      if (is_greater(x[at], greatest)) {
        best = at;
        greatest = x[at];
      }
    }
  }
  return best;
}
`;
}
