import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Tensor } from '../graph/tensor.js';
import type { Case, Operator } from './operator.js';

/** q_i = exp(z_i/T) / Σ_j exp(z_j/T) by row (Hinton, Vinyals, Dean 2015, equation 1), or its logarithm. */
const softmaxRule: ShapeRule<'softmax'> = {
  name: 'softmax',
  infer: ([z], { temperature }) => {
    demand(
      z!.shape.length === 2 && z!.dtype === 'f32',
      () => `softmax: the input must be an f32 matrix, a row for each sample, not ${z!.dtype} [${z!.shape}]`,
    );
    checkTemperature(temperature, 'softmax');
    return { shape: z!.shape, dtype: 'f32' };
  },
};

export const softmaxOp: Operator<'softmax'> = {
  rule: softmaxRule,
  reference: ([z], node) => {
    const [rows, columns] = node.shape as [number, number];
    const { temperature, log } = node.attributes;
    const y = new Float64Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      const row = logSoftmaxRow(z!.subarray(r * columns, (r + 1) * columns), temperature);
      y.set(log ? row : row.map(Math.exp), r * columns);
    }
    return y;
  },
  cases: () =>
    [false, true].flatMap((log): Case<'softmax'>[] => [
      { inputs: [{ shape: [1, 1] }], attributes: { temperature: 1, log } },
      { inputs: [{ shape: [3, 10] }], attributes: { temperature: 20, log } },
      { inputs: [{ shape: [17, 3] }], attributes: { temperature: 2.5, log } },
      { inputs: [{ shape: [5, 70] }], attributes: { temperature: 0.5, log } },
    ]),
};

/** log softmax(z/T) of one row in float64. */
export function logSoftmaxRow(z: Float64Array, temperature: number): Float64Array {
  const scaled = z.map((v) => v / temperature);
  const top = Math.max(...scaled);
  const logSum = Math.log(scaled.reduce((total, v) => total + Math.exp(v - top), 0));
  return scaled.map((v) => v - top - logSum);
}

export function checkTemperature(temperature: number, op: string): void {
  demand(
    Number.isFinite(temperature) && temperature > 0,
    () => `${op}: the temperature must be a positive number, not ${temperature}`,
  );
}

/** Probabilities at a temperature: logits [n, classes] → [n, classes], each row with sum 1. */
export function softmax(logits: Tensor, temperature = 1): Tensor {
  return apply(softmaxRule, [logits], { temperature, log: false });
}

/** log softmax(z/T), computed without taking the logarithm of a small number. */
export function logSoftmax(logits: Tensor, temperature = 1): Tensor {
  return apply(softmaxRule, [logits], { temperature, log: true });
}
