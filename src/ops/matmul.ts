import { Limit } from '../runtime/layout.js';
import { apply } from './apply.js';
import { add, where } from './binary.js';
import type { Case, Operator } from './operator.js';
import { sumTo } from './reduce.js';
import { require, size, type Tensor } from './tensor.js';

interface MatmulAttributes {
  transposeA: boolean;
  transposeB: boolean;
  /** Of the fused form, which lowering makes and users don't see. Inputs are then [a, b, bias?, mask?]. */
  bias?: boolean;
  relu?: boolean;
  mask?: boolean;
}

/** C = op(A)·op(B), 2-D; the fused form adds a bias row, clamps at 0, and zeroes where a mask isn't positive. */
export const matmul: Operator = {
  name: 'matmul',
  infer: ([a, b], attributes) => {
    const { transposeA, transposeB } = attributes as unknown as MatmulAttributes;
    require(a!.shape.length === 2 &&
      b!.shape.length === 2 &&
      a!.dtype === 'f32' &&
      b!.dtype === 'f32', 'matmul: both inputs must be f32 matrices');
    const [m, k] = transposeA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!];
    const [k2, n] = transposeB ? [b!.shape[1]!, b!.shape[0]!] : [b!.shape[0]!, b!.shape[1]!];
    require(k === k2, `matmul: [${m}, ${k}] times [${k2}, ${n}]: the inner sizes differ`);
    return { shape: [m, n], dtype: 'f32' };
  },
  gradient: (node, upstream) => {
    const { transposeA, transposeB, relu } = node.attributes as unknown as MatmulAttributes;
    const [a, b] = node.inputs as [Tensor, Tensor];
    const { bias, mask } = extras(node);
    const unmasked = mask ? where(upstream, mask) : upstream;
    const up = relu ? where(unmasked, node) : unmasked;
    return [
      transposeA ? product(b, up, transposeB, true) : product(up, b, false, !transposeB),
      transposeB ? product(up, a, true, transposeA) : product(a, up, !transposeA, false),
      ...(bias ? [sumTo(up, bias.shape)] : []),
      ...(mask ? [undefined] : []),
    ];
  },
  lower: (node) => {
    const { transposeA, transposeB, relu } = node.attributes as unknown as MatmulAttributes;
    const [m, n] = node.shape as [number, number];
    const k = node.inputs[0]!.shape[transposeA ? 0 : 1]!;
    const { bias, mask } = extras(node);
    const columns = Math.ceil(n / Limit.panelColumns);
    const rows = Math.ceil(m / Limit.panelRows);
    // Columns divide best (each thread packs its own panels of B and no other), unless there are few of them or the
    // product is tall and shallow, as a weight gradient: then rows of C stay apart in memory.
    const byRows = (columns < 8 && m > 1) || (transposeA && rows > columns);
    return {
      opcode: 'matmul',
      tiles: byRows ? rows : columns,
      fields: {
        ...{ m, n, k, a: node.inputs[0], b: node.inputs[1], c: node, bias, mask },
        ...{
          transposeA: Number(transposeA),
          transposeB: Number(transposeB),
          relu: Number(relu ?? false),
          byRows: Number(byRows),
        },
      },
      writes: ['c'],
      scratch:
        (Limit.depth + Limit.panelUses) * Limit.panelColumns * 4 +
        (n > Limit.packingPays ? packedA(m, k) : 0),
    };
  },
  reference: ([a, b, ...rest], node) => {
    const { transposeA, transposeB, bias, relu, mask } = node.attributes as unknown as MatmulAttributes;
    const [m, n] = node.shape as [number, number];
    const k = size(node.inputs[0]!.shape) / m;
    const biasRow = bias ? rest[0] : undefined;
    const masks = mask ? rest.at(-1) : undefined;
    const c = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++)
          sum += a![transposeA ? p * m + i : i * k + p]! * b![transposeB ? j * k + p : p * n + j]!;
        sum += biasRow?.[j] ?? 0;
        if (relu && sum < 0) sum = 0;
        c[i * n + j] = masks && !(masks[i * n + j]! > 0) ? 0 : sum;
      }
    }
    return c;
  },
  cases: [
    ...[
      [1, 1, 1],
      [3, 12, 17],
      [17, 3, 5],
      [4, 13, 1],
      [7, 70, 410],
      [50, 10, 33],
      [2, 100, 3],
      [1, 100, 7],
    ].flatMap(([m, n, k]): Case[] => [
      plain(m!, n!, k!, false, false),
      plain(m!, n!, k!, true, false),
      plain(m!, n!, k!, false, true),
      plain(m!, n!, k!, true, true),
    ]),
    fused(5, 17, 33, true, true, false),
    fused(7, 100, 3, true, false, false),
    fused(4, 13, 9, false, false, true),
    fused(3, 5, 2, false, true, false),
    fused(9, 24, 402, true, true, true),
    fused(1, 33, 18, true, true, true),
  ],
};

function plain(m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): Case {
  return {
    inputs: [{ shape: transposeA ? [k, m] : [m, k] }, { shape: transposeB ? [n, k] : [k, n] }],
    attributes: { transposeA, transposeB },
  };
}

function fused(m: number, n: number, k: number, bias: boolean, relu: boolean, mask: boolean): Case {
  return {
    inputs: [
      { shape: [m, k] },
      { shape: [k, n] },
      ...(bias ? [{ shape: [n] }] : []),
      ...(mask ? [{ shape: [m, n] }] : []),
    ],
    attributes: { transposeA: false, transposeB: false, bias, relu, mask },
  };
}

function extras(node: Tensor): { bias: Tensor | undefined; mask: Tensor | undefined } {
  const { bias, mask } = node.attributes as unknown as MatmulAttributes;
  return { bias: bias ? node.inputs[2] : undefined, mask: mask ? node.inputs.at(-1) : undefined };
}

/** Bytes that packed rows of A take: whole tiles, whichever build runs it, and what the last vector reaches past them. */
function packedA(m: number, k: number): number {
  const depth = Math.min(k, Limit.depth);
  const floats = Math.min(Math.min(m, Limit.panelUses) * depth, Limit.packed);
  return (floats + Limit.fusedRows * depth) * 4 + 16;
}

/** a·b, either transposed first. a: [m, k], b: [k, n] → [m, n]. */
export function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return apply(matmul, [a, b], { transposeA, transposeB });
}

/** x·w + b: x [batch, in], w [in, out], b [out]. Lowering fuses it into one instruction, a following ReLU too. */
export function dense(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return add(product(x, w), b);
}
