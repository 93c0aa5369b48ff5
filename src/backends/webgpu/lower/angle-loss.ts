import type { CompiledNode } from '../../../compiler/node.js';
import { float, type Kernel, pointwise } from '../kernel.js';
import type { Lowering } from './lowering.js';
import { rowKernel } from './row-groups.js';

export const angleLoss: Lowering<'angleLoss'> = (node) => lossKernel(node, node);

export const angleLossGradient: Lowering<'angleLossGradient'> = (node) => gradientKernel(node, node);

export const angleLossAndGradient: Lowering<'angleLossAndGradient'> = (node, [loss, gradient]) => [
  ...(loss ? [lossKernel(node, loss)] : []),
  ...(gradient ? [gradientKernel(node, gradient)] : []),
];

/** A row for each sample i: all pairs j, k. */
function lossKernel({ inputs }: CompiledNode, loss: CompiledNode): Kernel {
  const n = inputs[0]!.shape[0]!;
  return rowKernel({
    ...{ name: 'angleLoss', rows: n, columns: n * n },
    reads: matrices(inputs),
    writes: { loss },
    globals: angles(n),
    body: `  var total = 0.0f;
  for (var c = place; c < COLUMNS; c += WIDTH) {
    let apart = apart_at(row, c / ${n}u, c % ${n}u);
    let slope = clamp(apart, -1.0f, 1.0f);
    total += slope * (apart - 0.5f * slope);
  }
  total = row_sum(lane, place, total);
  if (writes && place == 0u) { loss[row] = total * ${float(1 / (n * n))}; }`,
  });
}

/** An invocation an element of the three gradients, each a sum over the third sample. */
function gradientKernel({ inputs }: CompiledNode, gradient: CompiledNode): Kernel {
  const n = inputs[0]!.shape[0]!;
  return pointwise('angleLossGradient', gradient, {
    reads: { ...matrices(inputs), upstream: inputs.at(-1)! },
    writes: { gradient },
    globals: `${angles(n)}
fn to_angle(i: u32, j: u32, k: u32) -> f32 {
  return upstream[i] * clamp(apart_at(i, j, k), -1.0f, 1.0f) * ${float(1 / (n * n))};
}
`,
    body: `  let a = (i / ${n}u) % ${n}u;
  let b = i % ${n}u;
  var sum = 0.0f;
  if (i < ${n * n}u) {
    for (var c = 0u; c < ${n}u; c++) {
      sum += to_angle(c, a, b) * scales[c * ${n}u + a] * scales[c * ${n}u + b];
    }
  } else if (i < ${2 * n * n}u) {
    for (var c = 0u; c < ${n}u; c++) {
      sum += (to_angle(a, b, c) + to_angle(a, c, b)) * scales[a * ${n}u + b] * scales[a * ${n}u + c];
    }
  } else {
    for (var c = 0u; c < ${n}u; c++) {
      sum += (to_angle(a, b, c) * inner_at(a, b, c) + to_angle(a, c, b) * inner_at(a, c, b)) * scales[a * ${n}u + c];
    }
  }
  gradient[i] = sum;`,
  });
}

function matrices(inputs: readonly CompiledNode[]): Record<string, CompiledNode> {
  const [products, offsets, scales, teacher_products, teacher_offsets, teacher_scales] = inputs as [
    ...[CompiledNode, CompiledNode, CompiledNode],
    ...[CompiledNode, CompiledNode, CompiledNode],
  ];
  return { products, offsets, scales, teacher_products, teacher_offsets, teacher_scales };
}

/** WGSL: what a cosine at i between j and k is before it is scaled, and how far the student's is from the teacher's. */
function angles(n: number): string {
  return `
fn inner_at(i: u32, j: u32, k: u32) -> f32 {
  return products[j * ${n}u + k] + offsets[i * ${n}u + j] + offsets[i * ${n}u + k];
}
fn apart_at(i: u32, j: u32, k: u32) -> f32 {
  let ij = i * ${n}u + j;
  let ik = i * ${n}u + k;
  let teacher = teacher_products[j * ${n}u + k] + teacher_offsets[ij] + teacher_offsets[ik];
  return inner_at(i, j, k) * scales[ij] * scales[ik] - teacher * teacher_scales[ij] * teacher_scales[ik];
}
`;
}
