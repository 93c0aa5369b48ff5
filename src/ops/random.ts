import { RandomKind } from '../runtime/layout.js';
import { apply } from './apply.js';
import { elementTiles, type Operator } from './operator.js';
import { philoxWords } from './philox.js';
import { require, type Shape, size, type Tensor } from './tensor.js';

type Kind = keyof typeof RandomKind;

/** Numbers from (seed, stream, step): uniform in [−scale, scale) or normal with deviation scale. */
export const random: Operator = {
  name: 'random',
  infer: (_inputs, attributes) => {
    require(Number.isFinite(
      attributes.scale as number,
    ), `random: the scale must be a finite number, not ${attributes.scale}`);
    return { shape: attributes.shape as Shape, dtype: 'f32' };
  },
  lower: (node) => {
    const n = size(node.shape);
    const { kind, stream, scale } = node.attributes as { kind: Kind; stream: number; scale: number };
    return {
      opcode: 'random',
      tiles: elementTiles(n),
      fields: { kind: RandomKind[kind], n, y: node, stream, scale },
      writes: ['y'],
      scratch: 64,
    };
  },
  reference: (_inputs, node, { seed, step }) => {
    const { kind, stream, scale } = node.attributes as { kind: Kind; stream: number; scale: number };
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
  cases: (['uniform', 'normal'] as const).flatMap((kind) =>
    [[1], [3], [17], [100, 7]].map((shape) => ({
      inputs: [],
      attributes: { kind, shape, stream: 2, scale: 0.5 },
    })),
  ),
};

/** Normal numbers with mean 0 and the given deviation. */
export function normal(shape: Shape, deviation: number, stream: number): Tensor {
  return apply(random, [], { kind: 'normal', shape: [...shape], scale: deviation, stream });
}

/** Uniform numbers in [−bound, bound). */
export function uniform(shape: Shape, bound: number, stream: number): Tensor {
  return apply(random, [], { kind: 'uniform', shape: [...shape], scale: bound, stream });
}
