import { type Engine, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { apply } from '#library/graph/apply.js';
import type { WindowAttributes } from '#library/graph/names.js';
import { type Shape, size } from '#library/graph/shape.js';
import { conv2dInputRule } from '#library/ops/conv2d.js';
import { type DilatedOptions, windowAttributes, windowedSize } from '#library/ops/window.js';

/** Images [n, height, width, channels] and filters [height, width, filters]: y = conv(x, w), and x's gradient from y's. */
export interface Convolution {
  images: readonly [number, number, number, number];
  filters: readonly [number, number, number];
  options?: DilatedOptions;
}

interface Built {
  name: string;
  window: WindowAttributes;
  x: Variable<'f32'>;
  w: Variable<'f32'>;
  y: Variable<'f32'>;
}

/** The greatest |error| allowed for an element, in units of Σ|x·w|: 8 roundings. */
const BOUND = 8 * 2 ** -24;
const SAMPLES = 300;

/** Convolutions and their input's gradients against float64 at some elements, and fused epilogues against separate ones. */
export async function checkConvolutions(engine: Engine, cases: readonly Convolution[]) {
  const failures: string[] = [];
  const bits: Float32Array[] = [];
  for (const one of cases) {
    const built = build(one);
    for (const op of ['conv2d', 'conv2dInput'] as const) {
      const got = await results(engine, built, op);
      bits.push(got.plain, got.fused);
      failures.push(...compare(built, op, got));
    }
  }
  return { failures, bits };
}

function build({ images, filters, options = {} }: Convolution): Built {
  const [kh, kw, f] = filters;
  const window = windowAttributes(options, [kh, kw], 'conv2d');
  const made = windowedSize([images[1], images[2]], { ...window, kernel: [kh, kw] }, 'conv2d');
  return {
    name: `[${images}] by [${filters}] ${JSON.stringify(options)}`,
    window,
    x: variable('x', images, 'f32'),
    w: variable('w', [kh, kw, images[3], f], 'f32'),
    y: variable('y', [images[0], ...made, f], 'f32'),
  };
}

type Op = 'conv2d' | 'conv2dInput';

function madeBy({ x, w, y, window }: Built, op: Op): Tensor {
  if (op === 'conv2d') return ops.conv2d(x, w, window);
  return apply(conv2dInputRule, [y, w], { ...window, size: [x.shape[1]!, x.shape[2]!] });
}

async function results(engine: Engine, built: Built, op: Op) {
  const value = madeBy(built, op);
  const channels = value.shape.at(-1)!;
  const [plain, fused, separate, mask] = ['plain', 'fused', 'separate', 'mask'].map((name) =>
    variable(name, value.shape, 'f32'),
  ) as [Variable<'f32'>, Variable<'f32'>, Variable<'f32'>, Variable<'f32'>];
  const bias = variable('bias', [channels], 'f32');
  const finished = (t: Tensor) => ops.mask(ops.relu(ops.add(t, bias)), mask);
  const plans = {
    plain: [ops.assign(plain, value)],
    fused: [ops.assign(fused, finished(value))],
    separate: [ops.assign(separate, finished(plain))],
  };
  if (/binary|unary/.test(engine.explain({ fused: plans.fused })))
    throw new Error(`${built.name}: not fused:\n${engine.explain(plans)}`);
  const session = await engine.load(plans);
  for (const [i, v] of [built.x, built.w, built.y, bias, mask].entries())
    if (session.has(v)) await session.write(v, dataOf(v, i));
  for (const plan of Object.keys(plans)) await session.run(plan);
  const read = {
    plain: await session.read(plain),
    fused: await session.read(fused),
    separate: await session.read(separate),
  };
  await session.close();
  return read;
}

function compare(built: Built, op: Op, got: Awaited<ReturnType<typeof results>>): string[] {
  const failures: string[] = [];
  const different = got.fused.findIndex((value, i) => !Object.is(value, got.separate[i]));
  if (different >= 0)
    failures.push(
      `${op} ${built.name}: fused [${different}] is ${got.fused[different]}, separate ${got.separate[different]}`,
    );
  const n = got.plain.length;
  const element = elementOf(built, op);
  for (let sample = 0; sample < Math.min(n, SAMPLES); sample++) {
    const at = n <= SAMPLES ? sample : Math.floor((sample * 7919 * n) / (SAMPLES * 7907)) % n;
    const { value, magnitude } = element(at);
    if (!(Math.abs(got.plain[at]! - value) <= BOUND * magnitude)) {
      failures.push(`${op} ${built.name}: [${at}] is ${got.plain[at]} instead of ${value}`);
      break;
    }
  }
  return failures;
}

/** An element in float64, by the definition. */
function elementOf(built: Built, op: Op) {
  const { x, w, y, window } = built;
  const [kh, kw, channels, filters] = w.shape as Sizes;
  const weights = dataOf(w, 1);
  const source = op === 'conv2d' ? dataOf(x, 0) : dataOf(y, 2);
  const [, height, width] = x.shape as Sizes;
  const [, rows, columns] = y.shape as Sizes;
  const { stride, padding, dilation } = window;
  return (at: number) => {
    const [n, i, j, c] = place(at, op === 'conv2d' ? y.shape : x.shape);
    let value = 0;
    let magnitude = 0;
    const add = (a: number, b: number) => {
      value += a * b;
      magnitude += Math.abs(a * b);
    };
    for (let ky = 0; ky < kh; ky++)
      for (let kx = 0; kx < kw; kx++) {
        const tap = (ky * kw + kx) * channels * filters;
        if (op === 'conv2d') {
          const py = i * stride[0] + ky * dilation[0] - padding[0];
          const px = j * stride[1] + kx * dilation[1] - padding[1];
          if (py < 0 || px < 0 || py >= height || px >= width) continue;
          const pixel = ((n * height + py) * width + px) * channels;
          for (let k = 0; k < channels; k++) add(source[pixel + k]!, weights[tap + k * filters + c]!);
        } else {
          const py = (i + padding[0] - ky * dilation[0]) / stride[0];
          const px = (j + padding[1] - kx * dilation[1]) / stride[1];
          if (!isPlace(py, rows) || !isPlace(px, columns)) continue;
          const pixel = ((n * rows + py) * columns + px) * filters;
          for (let k = 0; k < filters; k++) add(source[pixel + k]!, weights[tap + c * filters + k]!);
        }
      }
    return { value, magnitude };
  };
}

type Sizes = [number, number, number, number];

function isPlace(place: number, size: number): boolean {
  return Number.isInteger(place) && place >= 0 && place < size;
}

function place(at: number, [, height, width, channels]: Shape): Sizes {
  const pixel = Math.floor(at / channels!);
  const line = Math.floor(pixel / width!);
  return [Math.floor(line / height!), line % height!, pixel % width!, at % channels!];
}

/** Numbers in (-1, 1) from Lehmer's generator, the same for every engine. */
function dataOf(v: Variable, seed: number): Float32Array {
  let state = 7919 * seed + 12345;
  return Float32Array.from({ length: size(v.shape) }, () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  });
}

/** Images and kernels of odd sizes, uneven padding, strides and dilations of all kinds. */
export const odd: readonly Convolution[] = [
  { images: [1, 1, 1, 1], filters: [1, 1, 1], options: { padding: 1 } },
  { images: [2, 1, 1, 3], filters: [3, 3, 5], options: { padding: 'same' } },
  { images: [3, 7, 6, 3], filters: [3, 3, 4], options: { padding: 'same' } },
  { images: [2, 6, 7, 17], filters: [3, 3, 3], options: { padding: 'same' } },
  { images: [1, 4, 5, 70], filters: [3, 3, 13] },
  { images: [3, 5, 4, 33], filters: [1, 1, 19] },
  { images: [2, 8, 8, 5], filters: [3, 3, 9], options: { stride: 2, padding: 'same' } },
  { images: [1, 9, 8, 6], filters: [1, 1, 10], options: { stride: 2 } },
  { images: [2, 11, 11, 2], filters: [5, 5, 4], options: { stride: 3, padding: 1 } },
  { images: [1, 9, 9, 4], filters: [3, 3, 5], options: { dilation: 2, padding: 'same' } },
  {
    images: [1, 9, 7, 3],
    filters: [3, 2, 5],
    options: { stride: [2, 1], padding: [1, 0, 2, 1], dilation: [1, 2] },
  },
  { images: [1, 12, 13, 3], filters: [3, 3, 6], options: { stride: [4, 2], padding: 2, dilation: [2, 3] } },
  { images: [2, 6, 5, 4], filters: [2, 3, 7], options: { padding: [3, 4, 2, 5] } },
  { images: [2, 5, 5, 2], filters: [2, 2, 3], options: { stride: 3 } },
  { images: [3, 4, 4, 9], filters: [4, 4, 11] },
  { images: [2, 6, 4, 3], filters: [2, 4, 9] },
];
