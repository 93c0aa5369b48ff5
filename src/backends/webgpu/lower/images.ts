import type { CompiledNode } from '../../../compiler/node.js';
import type { Pair, WindowAttributes } from '../../../graph/names.js';
import { sizeOf } from '../../../ops/window.js';
import { type Factor, four, oneByOne } from './factor.js';

/** A window between the pixels of what it passes over and of what it makes. */
export interface Passage {
  readonly kernel: Pair;
  readonly window: Omit<WindowAttributes, 'dilation'> & { readonly dilation?: Pair };
  /** Pixels of `of` are looked for: under the taps from those of `from`, … */
  readonly of: CompiledNode;
  readonly from: CompiledNode;
  /** … which the window makes of them (forward), or from which it makes them. */
  readonly direction: 'forward' | 'backward';
}

/**
 * WGSL: a type, `NAME_pixel(i)` of it for pixel number i of `from`, and `NAME_place(pixel, tap)`: the number of the
 * pixel of `of` that goes with it by this tap, OUTSIDE if there is none.
 */
export function passing(name: string, { kernel, window, of, from, direction }: Passage): string {
  const { stride, padding, dilation = [1, 1] } = window;
  const [height, width] = sizeOf(of.shape);
  const [rows, columns] = sizeOf(from.shape);
  const forward = direction === 'forward';
  const begin = (i: string, axis: 0 | 1) =>
    forward ? `i32(${i} * ${stride[axis]}u) - ${padding[axis]}` : `i32(${i}) + ${padding[axis]}`;
  const sign = forward ? '+' : '-';
  // Backward, only every stride-th place is a pixel's. Unsigned, as what is above or left of all is then far below.
  const [divided, whole] =
    forward || (stride[0] === 1 && stride[1] === 1)
      ? ['', '']
      : [
          `  let on_pixel = (y % ${stride[0]}u == 0u) & (x % ${stride[1]}u == 0u);
  y = y / ${stride[0]}u;
  x = x / ${stride[1]}u;\n`,
          'on_pixel & ',
        ];
  // No && within: it branches, and compilers that inline all of this take minutes over such branches.
  return `
const OUTSIDE = 0xffffffffu;
struct ${name}_Pixel { start: u32, top: i32, left: i32 }
fn ${name}_pixel(i: u32) -> ${name}_Pixel {
  let row = i / ${columns}u;
  let image = row / ${rows}u;
  return ${name}_Pixel(image * ${height * width}u, ${begin(`(row % ${rows}u)`, 0)}, ${begin(`(i % ${columns}u)`, 1)});
}
fn ${name}_place(pixel: ${name}_Pixel, tap: u32) -> u32 {
  var y = u32(pixel.top ${sign} i32(tap / ${kernel[1]}u * ${dilation[0]}u));
  var x = u32(pixel.left ${sign} i32(tap % ${kernel[1]}u * ${dilation[1]}u));
${divided}  let inside = ${whole}(y < ${height}u) & (x < ${width}u);
  return select(OUTSIDE, pixel.start + y * ${width}u + x, inside);
}`;
}

/** A factor with a row for each pixel of `from`, and along k the taps' pixels, channel by channel. */
export function pixelsByTaps(passage: Passage): Factor {
  const channels = passage.of.shape[3]!;
  const vector = channels % 4 === 0;
  return {
    node: passage.of,
    along: 'k',
    vector,
    functions: (name) => `${passing(name, passage)}
alias ${name}_From = ${name}_Pixel;
fn ${name}_from(outer: u32, batch: u32) -> ${name}_From { return ${name}_pixel(outer); }
${elements(name, channels, vector)}
fn ${name}_load(origin: ${name}_From, k: u32) -> vec4f {
  return ${vector ? `${name}_at(origin, k)` : oneByOne((i) => `${name}_at(origin, k + ${i}u)`)};
}`,
  };
}

/** The transpose of that: a row for each tap and channel, and along k the pixels of `from`. */
export function tapsByPixels(passage: Passage): Factor {
  const channels = passage.of.shape[3]!;
  const vector = channels % 4 === 0;
  return {
    node: passage.of,
    along: 'outer',
    vector,
    functions: (name) => `${passing(name, passage)}
alias ${name}_From = u32;
fn ${name}_from(outer: u32, batch: u32) -> ${name}_From { return outer; }
${elements(name, channels, vector)}
fn ${name}_load(origin: ${name}_From, k: u32) -> vec4f {
  let pixel = ${name}_pixel(k);
  return ${vector ? `${name}_at(pixel, origin)` : oneByOne((i) => `${name}_at(pixel, origin + ${i}u)`)};
}`,
  };
}

/** `NAME_at(pixel, i)`: number i of what lies under all taps, or four from there; zeros outside of the image. */
function elements(name: string, channels: number, vector: boolean): string {
  const type = vector ? 'vec4f' : 'f32';
  const place = `place * ${channels}u + i % ${channels}u`;
  return `fn ${name}_at(pixel: ${name}_Pixel, i: u32) -> ${type} {
  let place = ${name}_place(pixel, i / ${channels}u);
  return select(${type}(), ${vector ? four(name, place, true) : `${name}[${place}]`}, place != OUTSIDE);
}`;
}
