import { ops, type Shape, variable } from 'wasm-distill/graph';
import { pulledBack } from '#library/autodiff/gradients.js';
import { loadDirectly } from './direct.ts';
import { fillWith } from './gemm.ts';
import type { Subject } from './measure.ts';

/** Batch norm with ReLU on an activation, and the way back: gradients of x, scale and shift from the output's. */
export function batchNormSubject(shape: Shape): Subject {
  const c = shape.at(-1)!;
  const x = variable('x', shape);
  const scale = variable('scale', [c]);
  const shift = variable('shift', [c]);
  const upstream = variable('upstream', shape);
  const y = ops.relu(ops.normalize(x, ops.moments(x), scale, shift));
  const results = [y, ...pulledBack(y, upstream, [x, scale, shift])].map((value, i) => ({
    value,
    to: variable(`result${i}`, value.shape),
  }));
  const direct = loadDirectly({ run: results.map(({ value, to }) => ops.assign(to, value)) });
  fillWith(direct.view(x), 1);
  fillWith(direct.view(upstream), 2);
  direct.view(scale).fill(1.5);
  direct.view(shift).fill(0.25);
  direct.run('run');
  const [gotY, gotDx] = results.map(({ to }) => direct.view(to)) as [Float32Array, Float32Array];
  for (const channel of [0, c - 1])
    checkNorm({ x: direct.view(x), upstream: direct.view(upstream), y: gotY, dx: gotDx }, channel, c);
  return { name: `batch-norm ${shape.join('x')}`, run: () => direct.run('run') };
}

interface Norm {
  x: Float32Array;
  upstream: Float32Array;
  y: Float32Array;
  dx: Float32Array;
}

/** One channel against float64. */
function checkNorm({ x, upstream, y, dx }: Norm, channel: number, c: number): void {
  const rows = x.length / c;
  const sum = (valueAt: (i: number) => number) => {
    let total = 0;
    for (let i = channel; i < x.length; i += c) total += valueAt(i);
    return total / rows;
  };
  const mean = sum((i) => x[i]!);
  const deviation = Math.sqrt(sum((i) => (x[i]! - mean) ** 2) + 1e-5);
  const unit = (i: number) => (x[i]! - mean) / deviation;
  const up = (i: number) => (1.5 * unit(i) + 0.25 > 0 ? upstream[i]! : 0);
  const [ups, products] = [sum(up), sum((i) => up(i) * unit(i))];
  for (let i = channel; i < x.length; i += c) {
    const expected = (1.5 / deviation) * (up(i) - ups - unit(i) * products);
    // Where the output is next to zero ReLU may decide otherwise.
    const isClear = Math.abs(1.5 * unit(i) + 0.25) > 1e-4;
    const right =
      Math.abs(y[i]! - Math.max(0, 1.5 * unit(i) + 0.25)) <= 1e-4 &&
      (!isClear || Math.abs(dx[i]! - expected) <= 1e-4 * (1 + Math.abs(expected)));
    if (!right) throw new Error(`batch norm: element ${i} is ${y[i]}, its gradient ${dx[i]} (${expected})`);
  }
}

/** Max pooling of 2 × 2, and its gradient. */
export function maxPoolSubjects(shape: Shape): { forward: Subject; backward: Subject } {
  const x = variable('x', shape);
  const pooled = ops.maxPool(x, 2);
  const y = variable('y', pooled.shape);
  const upstream = variable('upstream', pooled.shape);
  const dx = variable('dx', shape);
  const direct = loadDirectly({
    forward: [ops.assign(y, pooled)],
    backward: [ops.assign(dx, pulledBack(pooled, upstream, [x])[0]!)],
  });
  fillWith(direct.view(x), 1);
  fillWith(direct.view(upstream), 2);
  direct.run('forward');
  direct.run('backward');
  checkPool(shape, {
    x: direct.view(x),
    upstream: direct.view(upstream),
    y: direct.view(y),
    dx: direct.view(dx),
  });
  return {
    forward: { name: 'max-pool', run: () => direct.run('forward') },
    backward: { name: 'max-pool-gradient', run: () => direct.run('backward') },
  };
}

/** All of it is compared: it's exact. */
function checkPool(shape: Shape, { x, upstream, y, dx }: Norm): void {
  const [n, height, width, c] = shape as [number, number, number, number];
  const expected = new Float32Array(dx.length);
  let at = 0;
  for (let image = 0; image < n; image++)
    for (let i = 0; i < height; i += 2)
      for (let j = 0; j < width; j += 2)
        for (let channel = 0; channel < c; channel++, at++) {
          const first = ((image * height + i) * width + j) * c + channel;
          const window = [first, first + c, first + width * c, first + (width + 1) * c];
          const top = window.reduce((best, each) => (x[each]! > x[best]! ? each : best));
          if (y[at] !== x[top]) throw new Error(`max pool: element ${at} is ${y[at]} instead of ${x[top]}`);
          expected[top] = upstream[at]!;
        }
  const wrong = dx.findIndex((value, i) => value !== expected[i]);
  if (wrong >= 0)
    throw new Error(`max pool: gradient ${wrong} is ${dx[wrong]} instead of ${expected[wrong]}`);
}
