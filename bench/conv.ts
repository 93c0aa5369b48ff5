import { readFileSync } from 'node:fs';
import { instantiateSync } from '@assemblyscript/loader';
import { ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { pulledBack } from '#library/autodiff/gradients.js';
import { type Direct, loadDirectly } from './direct.ts';
import { fillWith } from './gemm.ts';
import type { Subject } from './measure.ts';
import { outputShape } from './peers/operator.mjs';
import { type OperatorWork, referenceOutputs } from './peers/work.mjs';

/** Elements of a gradient that are compared with float64: each of a weight's is a sum over all pixels. */
const CHECKED = 40;
const TOLERANCE = 1e-5;

export type Direction = 'fwd' | 'dw' | 'dx';

/** One of a convolution's three products, to be timed; its result has been checked against float64. */
export function convolutionSubject(work: OperatorWork, direction: Direction): Subject {
  const loaded = loadedConvolution(work, direction);
  loaded.direct.run('run');
  check(work, direction, loaded);
  return { name: direction, run: () => loaded.direct.run('run') };
}

interface Loaded {
  direct: Direct;
  y: Variable;
  result: Variable;
}

function loadedConvolution({ config, arrays }: OperatorWork, direction: Direction): Loaded {
  const { stride, padding } = config;
  const operator = { conv2d: ops.conv2d, depthwise: ops.depthwise }[config.operator];
  const x = variable('x', config.x);
  const w = variable('w', config.w);
  const y = variable('y', outputShape(config));
  const made = operator(x, w, { stride, padding });
  const results: Record<Direction, () => Tensor> = {
    fwd: () => made,
    dw: () => pulledBack(made, y, [w])[0]!,
    dx: () => pulledBack(made, y, [x])[0]!,
  };
  const value = results[direction]();
  const result = variable('result', value.shape);
  const direct = loadDirectly({ run: [ops.assign(result, value)] });
  if (direction !== 'dx') direct.view(x).set(arrays.x);
  if (direction !== 'dw') direct.view(w).set(arrays.w);
  if (direction !== 'fwd') fillWith(direct.view(y), 4);
  return { direct, y, result };
}

/** A benchmark that times a wrong result fails. */
function check(work: OperatorWork, direction: Direction, { direct, y, result }: Loaded): void {
  const got = direct.view(result);
  const what = `${work.config.name} ${direction}`;
  if (direction === 'fwd') {
    const expected = referenceOutputs(work);
    const last = got.subarray(got.length - expected.length);
    const most = expected.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
    last.forEach((value, i) => {
      demand(Math.abs(value - expected[i]!) <= TOLERANCE * most, what, i, value, expected[i]!);
    });
    return;
  }
  const reference = { dw: weightGradient, dx: inputGradient }[direction];
  for (let sample = 0; sample < CHECKED; sample++) {
    const i = (sample * 7919) % got.length;
    const { sum, bound } = reference(work, direct.view(y), i);
    demand(Math.abs(got[i]! - sum) <= TOLERANCE * bound, what, i, got[i]!, sum);
  }
}

function demand(holds: boolean, what: string, i: number, got: number, expected: number): void {
  if (!holds) throw new Error(`${what}: element ${i} is ${got} instead of ${expected}`);
}

/** A sum of products, and of their absolute values. */
interface Sum {
  sum: number;
  bound: number;
}

function add(total: Sum, term: number): void {
  total.sum += term;
  total.bound += Math.abs(term);
}

/** One element of w's gradient: [ky, kx, c, f], or [ky, kx, c] of depthwise filters. */
function weightGradient({ config, arrays }: OperatorWork, dy: Float32Array, element: number): Sum {
  const [n, rows, columns, filters] = outputShape(config);
  const [, height, width, channels] = config.x as [number, number, number, number];
  const isDepthwise = config.operator === 'depthwise';
  const f = element % filters;
  const c = isDepthwise ? f : Math.floor(element / filters) % channels;
  const tap = Math.floor(element / filters / (isDepthwise ? 1 : channels));
  const [ky, kx] = [Math.floor(tap / config.w[1]!), tap % config.w[1]!];
  const total = { sum: 0, bound: 0 };
  for (let image = 0; image < n; image++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const [y, x] = [i * config.stride + ky - config.padding, j * config.stride + kx - config.padding];
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const value = arrays.x[((image * height + y) * width + x) * channels + c]!;
        add(total, value * dy[((image * rows + i) * columns + j) * filters + f]!);
      }
  return total;
}

/** One element of x's gradient: [image, y, x, c]. */
function inputGradient({ config, arrays }: OperatorWork, dy: Float32Array, element: number): Sum {
  const [, rows, columns, filters] = outputShape(config);
  const [, height, width, channels] = config.x as [number, number, number, number];
  const [kh, kw] = config.w as [number, number];
  const { stride, padding, operator } = config;
  const c = element % channels;
  const pixel = Math.floor(element / channels);
  const [image, y, x] = [
    Math.floor(pixel / (height * width)),
    Math.floor(pixel / width) % height,
    pixel % width,
  ];
  const total = { sum: 0, bound: 0 };
  for (let ky = 0; ky < kh; ky++)
    for (let kx = 0; kx < kw; kx++) {
      const [i, j] = [(y + padding - ky) / stride, (x + padding - kx) / stride];
      if (!(Number.isInteger(i) && Number.isInteger(j) && i >= 0 && i < rows && j >= 0 && j < columns))
        continue;
      const from = ((image * rows + i) * columns + j) * filters;
      const tap = (ky * kw + kx) * channels + c;
      if (operator === 'depthwise') add(total, dy[from + c]! * arrays.w[tap]!);
      else for (let f = 0; f < filters; f++) add(total, dy[from + f]! * arrays.w[tap * filters + f]!);
    }
  return total;
}

interface Col2im extends Record<string, unknown> {
  col2im(patches: number, image: number, ...sizes: number[]): void;
}

/** dY·Wᵀ by this engine's product, and a col2im: what x's gradient takes without kernels for it. */
export function col2imSubject(work: OperatorWork): Subject {
  const { config, arrays } = work;
  const [n, rows, columns, filters] = outputShape(config);
  const pixels = n * rows * columns;
  const k = arrays.w.length / filters;
  const y = variable('y', [pixels, filters]);
  const w = variable('w', [k, filters]);
  const patches = variable('patches', [pixels, k]);
  const image = variable('image', config.x);
  const plans = {
    run: [
      ops.assign(patches, ops.matmul(y, w, { transposeB: true })),
      ops.assign(image, ops.fill(0, config.x)),
    ],
  };
  const direct = loadDirectly({ ...plans, product: plans.run.slice(0, 1) });
  const { memory } = direct;
  const { exports } = instantiateSync<Col2im>(readFileSync(new URL('./col2im.wasm', import.meta.url)), {
    env: { memory },
  });
  fillWith(direct.view(y), 4);
  direct.view(w).set(arrays.w);
  const sizes = [...config.x, rows, columns, config.w[0]!, config.stride, config.padding];
  const [from, to] = [direct.view(patches).byteOffset, direct.view(image).byteOffset];
  const run = () => {
    direct.run('product');
    exports.col2im(from, to, ...sizes);
  };
  run();
  check(work, 'dx', { direct, y, result: image });
  return { name: 'col2im', run };
}
