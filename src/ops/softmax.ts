import { apply } from './apply.js';
import { mul, sub } from './binary.js';
import type { Case, Operator } from './operator.js';
import { sum } from './reduce.js';
import { reshapeTo } from './reshape.js';
import { require, type Tensor } from './tensor.js';
import { exp, scale } from './unary.js';

/** q_i = exp(z_i/T) / Σ_j exp(z_j/T) by row (Hinton, Vinyals, Dean 2015, equation 1), or its logarithm. */
export const softmax: Operator = {
  name: 'softmax',
  infer: ([z], attributes) => {
    require(z!.shape.length === 2 &&
      z!.dtype === 'f32', 'softmax: the input must be an f32 matrix, a row for each sample');
    checkTemperature(attributes.temperature as number, 'softmax');
    return { shape: z!.shape, dtype: 'f32' };
  },
  gradient: (node, up) => {
    const inverse = 1 / (node.attributes.temperature as number);
    if (node.attributes.log) return [scale(sub(up, mul(exp(node), rowSum(up))), inverse)];
    return [scale(mul(sub(up, rowSum(mul(up, node))), node), inverse)];
  },
  lower: (node) => {
    const [rows, columns] = node.shape as [number, number];
    return {
      opcode: 'softmax',
      tiles: rows,
      fields: {
        rows,
        columns,
        x: node.inputs[0],
        y: node,
        temperature: node.attributes.temperature as number,
        log: Number(node.attributes.log),
      },
      writes: ['y'],
      local: ['x', 'y'],
      scratch: (columns + 1) * 16,
    };
  },
  reference: ([z], node) => {
    const [rows, columns] = node.shape as [number, number];
    const y = new Float64Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      const row = logSoftmaxRow(
        z!.subarray(r * columns, (r + 1) * columns),
        node.attributes.temperature as number,
      );
      y.set(node.attributes.log ? row : row.map(Math.exp), r * columns);
    }
    return y;
  },
  cases: [false, true].flatMap((log): Case[] => [
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
  require(Number.isFinite(temperature) &&
    temperature > 0, `${op}: the temperature must be a positive number, not ${temperature}`);
}

function rowSum(x: Tensor): Tensor {
  return reshapeTo(sum(x, 1), [x.shape[0]!, 1]);
}

/** Probabilities at a temperature: logits [n, classes] → [n, classes], each row with sum 1. */
export function softmaxAt(logits: Tensor, temperature = 1): Tensor {
  return apply(softmax, [logits], { temperature, log: false });
}

/** log softmax(z/T), computed without taking the logarithm of a small number. */
export function logSoftmax(logits: Tensor, temperature = 1): Tensor {
  return apply(softmax, [logits], { temperature, log: true });
}
