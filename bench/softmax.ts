import { gradients, ops, variable } from 'wasm-distill/graph';
import { loadDirectly } from './direct.ts';
import { fillWith } from './gemm.ts';
import type { Subject } from './measure.ts';

const TEMPERATURE = 4;
const ALPHA = 0.1;

/** Softmax at T, KD loss and its gradient for a batch: the kernel, and the same in plain JavaScript. */
export function softmaxSubjects(
  rows: number,
  columns: number,
): { kernel: Subject; plain: Subject; calls: number } {
  const logits = variable('logits', [rows, columns]);
  const soft = variable('soft', [rows, columns]);
  const labels = variable('labels', [rows], 'i32');
  const loss = variable('loss', [rows]);
  const gradient = variable('gradient', [rows, columns]);
  const bySample = ops.kdLoss(logits, { soft, labels, temperature: TEMPERATURE, alpha: ALPHA });
  const [slope] = gradients(ops.mean(bySample), [logits]);
  const direct = loadDirectly({ run: [ops.assign(gradient, slope!), ops.assign(loss, bySample)] });
  fillWith(direct.view(logits), 3);
  direct.view(logits).forEach((z, i, all) => {
    all[i] = z * 8;
  });
  direct.view(soft).fill(1 / columns);
  direct.integers(labels).forEach((_, i, all) => {
    all[i] = i % columns;
  });
  const work = {
    rows,
    columns,
    logits: direct.view(logits).slice(),
    soft: direct.view(soft).slice(),
    labels: direct.integers(labels).slice(),
  };
  const result = { loss: new Float32Array(rows), gradient: new Float32Array(rows * columns) };
  direct.run('run');
  plainKdLoss(work, result);
  check('loss', direct.view(loss), result.loss);
  check('gradient', direct.view(gradient), result.gradient);
  const name = `${rows}x${columns}`;
  const calls = Math.max(1, Math.round(40_000 / (rows * columns)));
  return {
    calls,
    kernel: { name: `kd-softmax-${name}`, run: () => direct.run('run', calls) },
    plain: {
      name: `plain kd-softmax-${name}`,
      run: () => {
        for (let i = 0; i < calls; i++) plainKdLoss(work, result);
      },
    },
  };
}

interface KdWork {
  rows: number;
  columns: number;
  logits: Float32Array;
  soft: Float32Array;
  labels: Int32Array;
}

/** As a careful JavaScript programmer would write it: typed arrays, no allocation, maximum subtracted. */
function plainKdLoss(
  { rows, columns, logits, soft, labels }: KdWork,
  { loss, gradient }: { loss: Float32Array; gradient: Float32Array },
): void {
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    let top = -Infinity;
    for (let c = 0; c < columns; c++) top = Math.max(top, logits[start + c]! / TEMPERATURE);
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const e = Math.exp(logits[start + c]! / TEMPERATURE - top);
      gradient[start + c] = e;
      sum += e;
    }
    const logSum = Math.log(sum);
    let total = 0;
    for (let c = 0; c < columns; c++) {
      const target = (1 - ALPHA) * soft[start + c]! + (labels[r] === c ? ALPHA : 0);
      total += target * (top + logSum - logits[start + c]! / TEMPERATURE);
      gradient[start + c] = (gradient[start + c]! / sum - target) / TEMPERATURE / rows;
    }
    loss[r] = total;
  }
}

function check(what: string, got: Float32Array, expected: Float32Array): void {
  got.forEach((value, i) => {
    if (!(Math.abs(value - expected[i]!) <= 1e-5 * (1 + Math.abs(expected[i]!))))
      throw new Error(`kd-softmax ${what}[${i}] is ${value} instead of ${expected[i]}`);
  });
}
