import { ops, variable } from 'wasm-distill/graph';
import { loadDirectly } from './direct.ts';
import type { Subject } from './measure.ts';

const COUNT = 4096;

/** exp of 4096 floats by the kernel and by Math.exp, and the kernel's largest error in ulp over its whole range. */
export function expSubjects(): { kernel: Subject; plain: Subject; ulp: number } {
  const x = variable('x', [COUNT]);
  const y = variable('y', [COUNT]);
  const direct = loadDirectly({ run: [ops.assign(y, ops.exp(x))] });
  const ulp = largestError(direct.view(x), direct.view(y), () => direct.run('run'));
  const input = Float32Array.from({ length: COUNT }, (_, i) => -10 + (20 * i) / COUNT);
  direct.view(x).set(input);
  const output = new Float32Array(COUNT);
  return {
    ulp,
    kernel: { name: 'exp', run: () => direct.run('run', 10) },
    plain: {
      name: 'Math.exp',
      run: () => {
        for (let n = 0; n < 10; n++) for (let i = 0; i < COUNT; i++) output[i] = Math.exp(input[i]!);
      },
    },
  };
}

/** Over 4 million points between the ends where results are normal numbers. */
function largestError(x: Float32Array, y: Float32Array, run: () => void): number {
  const [low, high] = [-87.33, 88.72];
  const blocks = 1000;
  let worst = 0;
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < COUNT; i++) x[i] = low + ((high - low) * (block + i / COUNT)) / blocks;
    run();
    for (let i = 0; i < COUNT; i++)
      worst = Math.max(worst, Math.abs(y[i]! - Math.exp(x[i]!)) / ulpOf(Math.exp(x[i]!)));
  }
  return worst;
}

/** Distance between neighboring floats at a positive normal number. */
function ulpOf(value: number): number {
  return 2 ** (Math.floor(Math.log2(value)) - 23);
}
