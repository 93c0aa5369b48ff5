import { demand } from '../../errors.js';
import { type Shape, sameShape } from '../../graph/shape.js';
import type { Tensor } from '../../graph/tensor.js';
import { add } from '../../ops/binary.js';
import { concat } from '../../ops/concat.js';

/** How the outputs of a composite's branches become one. */
export interface CompositeKind {
  /** @throws DistillError 'bad-argument' for shapes (of one sample) that don't fit together. */
  output(shapes: readonly Shape[]): Shape;
  join(outputs: readonly Tensor[]): Tensor;
}

const sum: CompositeKind = {
  output: ([first, ...others]) => {
    for (const other of others)
      demand(
        sameShape(first!, other),
        () => `the branches of a sum must have the same shape, but have [${first}] and [${other}]`,
      );
    return first!;
  },
  join: (outputs) => outputs.reduce(add),
};

/** Along the channels. */
const joined: CompositeKind = {
  output: (shapes) => {
    const [first] = shapes;
    for (const other of shapes)
      demand(
        sameShape(first!.slice(0, -1), other.slice(0, -1)),
        () =>
          `the branches of a concat must have the same height and width, but have [${first}] and [${other}]`,
      );
    return [...first!.slice(0, -1), shapes.reduce((channels, shape) => channels + shape.at(-1)!, 0)];
  },
  join: (outputs) => concat(outputs, outputs[0]!.shape.length - 1),
};

export const compositeKinds = { sum, concat: joined };

export type CompositeName = keyof typeof compositeKinds;
