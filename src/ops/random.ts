import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkShape, type Shape, size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import { philoxWords } from '../random/philox.js';
import { checkStream, type Stream } from '../random/streams.js';
import type { Operator } from './operator.js';

/** Numbers from (seed, stream, step): uniform in [−scale, scale) or normal with deviation scale. */
const randomRule: ShapeRule<'random'> = {
  name: 'random',
  infer: (_inputs, { shape, scale, stream }) => {
    checkStream(stream);
    checkShape('random', shape);
    demand(Number.isFinite(scale), () => `random: the scale must be a finite number, not ${scale}`);
    return { shape, dtype: 'f32' };
  },
};

export const randomOp: Operator<'random'> = {
  rule: randomRule,
  reference: (_inputs, node, { seed, step }) => {
    const { kind, stream, scale } = node.attributes;
    const n = size(node.shape);
    const units = Array.from(
      philoxWords(seed, stream, step, 2 * Math.ceil(n / 2)),
      (word) => (word >>> 8) / 2 ** 24,
    );
    const value = (i: number): number => {
      if (kind === 'uniform') return 2 * units[i]! - 1;
      const radius = Math.sqrt(-2 * Math.log(1 - units[i & ~1]!));
      const angle = 2 * Math.PI * units[i | 1]!;
      return radius * (i & 1 ? Math.sin(angle) : Math.cos(angle));
    };
    return Float64Array.from({ length: n }, (_, i) => value(i) * scale);
  },
  cases: () =>
    (['uniform', 'normal'] as const).flatMap((kind) =>
      [[1], [3], [17], [100, 7]].map((shape) => ({
        inputs: [],
        attributes: { kind, shape, stream: { kind: 'user' as const, index: 2 }, scale: 0.5 },
      })),
    ),
};

/** Normal numbers with mean 0 and the given deviation. */
export function normal(shape: Shape, options: { deviation: number; stream: Stream }): Tensor {
  checkNames(options, 'normal', ['deviation', 'stream']);
  const { deviation, stream } = options;
  return apply(randomRule, [], { kind: 'normal', shape, scale: deviation, stream });
}

/** Uniform numbers in [−bound, bound). */
export function uniform(shape: Shape, options: { bound: number; stream: Stream }): Tensor {
  checkNames(options, 'uniform', ['bound', 'stream']);
  const { bound, stream } = options;
  return apply(randomRule, [], { kind: 'uniform', shape, scale: bound, stream });
}
