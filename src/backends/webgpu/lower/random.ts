import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import { dropThreshold } from '../../../ops/dropout.js';
import { STREAM_KINDS, type Stream } from '../../../random/streams.js';
import { float, type Kernel, type KernelParts, kernel, LANES, line, pointwise } from '../kernel.js';
import { logarithm } from '../math.js';
import { randomWords, wordOf } from '../philox.js';
import { type Lowering, scratch } from './lowering.js';

export const random: Lowering<'random'> = (node) => {
  const { kind, stream, scale } = node.attributes;
  if (kind === 'normal') return normal(node, stream, scale);
  return byBlocks('uniform', node, stream, {
    reads: {},
    globals: unit,
    element: `(2.0f * unit(word) - 1.0f) * ${float(scale)}`,
  });
};

export const dropout: Lowering<'dropout'> = (node) => {
  const { rate, stream } = node.attributes;
  return byBlocks('dropout', node, stream, {
    reads: { x: node.inputs[0]! },
    globals: '',
    element: `select(0.0f, x[i] * ${float(1 / (1 - rate))}, word >= ${dropThreshold(rate)}u)`,
  });
};

/** In [0, 1), a multiple of 2⁻²⁴: exact in f32. */
const unit = `
fn unit(word: u32) -> f32 { return f32(word >> 8u) * ${float(2 ** -24)}; }
`;

interface Elementwise {
  readonly reads: KernelParts['reads'];
  readonly globals: string;
  /** WGSL of element `i`, whose random word is `word`. */
  readonly element: string;
}

/** An invocation a block of four words, so that each is computed once: they belong to elements four apart. */
function byBlocks(
  name: string,
  y: CompiledNode,
  stream: Stream,
  { reads, globals, element }: Elementwise,
): Kernel {
  const n = size(y.shape);
  const { workgroups, index } = line(Math.ceil((4 * Math.ceil(n / 16)) / LANES));
  return kernel({
    name,
    reads,
    writes: { y },
    workgroups,
    globals: `${randomWords}${globals}`,
    body: `  let block = (${index}) * ${LANES}u + lane;
  let words = philox(block, ${stream.index}u, ${STREAM_KINDS[stream.kind]}u);
  for (var w = 0u; w < 4u; w++) {
    let i = 16u * (block / 4u) + block % 4u + 4u * w;
    if (i >= ${n}u) { return; }
    let word = words[w];
    y[i] = ${element};
  }`,
  });
}

/** cos(2π·x) for x in [−¼, 1), a multiple of 2⁻²⁴: folded, without rounding, to an eighth of a turn (Cephes). */
const cosineOfTurn = `
fn cosine_of_turn(x: f32) -> f32 {
  let half = select(abs(x), 1.0f - abs(x), abs(x) > 0.5f);
  let flips = half > 0.25f;
  let quarter = select(half, 0.5f - half, flips);
  let is_sine = quarter > 0.125f;
  let a = select(quarter, 0.25f - quarter, is_sine) * 6.2831853072f;
  let z = a * a;
  let sine = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * a + a;
  let cosine = ((2.4433157118e-5f * z - 1.3887316255e-3f) * z + 4.1666645683e-2f) * z * z - 0.5f * z + 1.0f;
  let y = select(cosine, sine, is_sine);
  return select(y, -y, flips);
}
`;

/** Box & Muller 1958: words e and e + 1, which two neighboring blocks hold, give two numbers. */
function normal(y: CompiledNode, stream: Stream, scale: number): Kernel {
  const n = size(y.shape);
  const { workgroups, index } = line(Math.ceil((2 * Math.ceil(n / 16)) / LANES));
  const block = (which: string) => `philox(${which}, ${stream.index}u, ${STREAM_KINDS[stream.kind]}u)`;
  return kernel({
    name: 'normal',
    reads: {},
    writes: { y },
    workgroups,
    globals: `${randomWords}${unit}${logarithm}${cosineOfTurn}`,
    body: `  let even = 2u * ((${index}) * ${LANES}u + lane);
  let radii = ${block('even')};
  let angles = ${block('even + 1u')};
  for (var w = 0u; w < 4u; w++) {
    let i = 16u * (even / 4u) + even % 4u + 4u * w;
    if (i >= ${n}u) { return; }
    let radius = sqrt(-2.0f * logarithm(1.0f - unit(radii[w]))) * ${float(scale)};
    let angle = unit(angles[w]);
    y[i] = radius * cosine_of_turn(angle);
    if (i + 1u < ${n}u) { y[i + 1u] = radius * cosine_of_turn(angle - 0.25f); }
  }`,
  });
}

/** The words by many invocations, then Fisher & Yates's shuffle by one, as src/random/shuffle.ts has it. */
export const permutationLowering: Lowering<'permutation'> = (node) => {
  const { n, stream } = node.attributes;
  const words = scratch([n], 'i32');
  return [
    pointwise('permutation', node, {
      reads: {},
      writes: { words, order: node },
      globals: randomWords,
      body: `  order[i] = select(-1, i32(i), i < ${n}u);
  if (i < ${n}u) { words[i] = bitcast<i32>(${wordOf(stream, 'i')}); }`,
    }),
    kernel({
      name: 'permutation',
      reads: { words },
      writes: { order: node },
      globals: randomWords,
      workgroups: [1, 1, 1],
      lanes: 1,
      body: `  for (var i = ${n - 1}u; i > 0u; i--) {
    let j = high_word(bitcast<u32>(words[${n - 1}u - i]), i + 1u);
    let last = order[i];
    order[i] = order[j];
    order[j] = last;
  }`,
    }),
  ];
};
