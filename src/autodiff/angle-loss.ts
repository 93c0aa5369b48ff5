import type { Node, Tensor } from '../graph/tensor.js';
import { angleLossGradient, matricesOf } from '../ops/angle-loss.js';
import { add, mask, multiply, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { abs, relu, scale, shift } from '../ops/unary.js';

/* A loss of angles: its gradient is an operator, the gradient of that is made of elementary ones over all n³. */

/** Of the student's three inputs and of the teacher's, as the loss stays the same if the two change places. */
export function angleLossRule({ inputs }: Node<'angleLoss'>, up: Tensor): Tensor[] {
  const [student, teacher] = [inputs.slice(0, 3), inputs.slice(3)];
  return [
    ...angleLossGradient([...student, ...teacher], up),
    ...angleLossGradient([...teacher, ...student], up),
  ];
}

/**
 * What is differentiated is Σ_ijk upstream_i/n²·huber'(apart_ijk)·moved_ijk: how fast the student's cosines change as its
 * matrices go along `up`.
 */
export function angleLossSecond({ inputs }: Node<'angleLossGradient'>, up: Tensor): Tensor[] {
  const [student, teacher] = [cosinesOf(inputs.slice(0, 3)), cosinesOf(inputs.slice(3, 6))];
  const along = cosinesOf(matricesOf(up));
  const upstream = inputs[6]!;
  const n = upstream.shape[0]!;
  const apart = subtract(student.cosines, teacher.cosines);
  const slope = add(subtract(apart, beyond(apart)), beyond(scale(apart, -1)));
  const turned = add(multiply(along.atJ, student.atK), multiply(student.atJ, along.atK));
  const moved = add(
    multiply(along.inner, multiply(student.atJ, student.atK)),
    multiply(student.inner, turned),
  );

  const weight = reshape(scale(upstream, 1 / (n * n)), [n, 1, 1]);
  const toCosines = multiply(mask(moved, shift(scale(abs(apart), -1), 1)), weight);
  const toMoved = multiply(slope, weight);
  const toInner = multiply(toMoved, turned);
  const besides = [sum(toInner, 0), ofPairs(toInner, toInner), movedToScales(toMoved, student, along)];
  return [
    ...backward(student, toCosines).map((gradient, i) => add(gradient, besides[i]!)),
    ...backward(teacher, scale(toCosines, -1)),
    mean(mean(multiply(slope, moved), 2), 1),
  ];
}

interface Cosines {
  /** Products and offsets, [n, n, n]. */
  inner: Tensor;
  /** Scales at i and j, [n, n, 1], and at i and k, [n, 1, n]. */
  atJ: Tensor;
  atK: Tensor;
  cosines: Tensor;
}

function cosinesOf([products, offsets, scales]: readonly Tensor[]): Cosines {
  const n = products!.shape[0]!;
  const atJ = (x: Tensor) => reshape(x, [n, n, 1]);
  const atK = (x: Tensor) => reshape(x, [n, 1, n]);
  const inner = add(add(reshape(products!, [1, n, n]), atJ(offsets!)), atK(offsets!));
  const own = { atJ: atJ(scales!), atK: atK(scales!) };
  return { inner, ...own, cosines: multiply(multiply(inner, own.atJ), own.atK) };
}

/** The gradients of products, offsets and scales, given that of the cosines. */
function backward({ inner, atJ, atK }: Cosines, toCosines: Tensor): Tensor[] {
  const toInner = multiply(multiply(toCosines, atJ), atK);
  const toScale = multiply(toCosines, inner);
  return [
    sum(toInner, 0),
    ofPairs(toInner, toInner),
    ofPairs(multiply(toScale, atK), multiply(toScale, atJ)),
  ];
}

function movedToScales(toMoved: Tensor, student: Cosines, along: Cosines): Tensor {
  const beside = (scale: 'atJ' | 'atK') =>
    multiply(toMoved, add(multiply(along.inner, student[scale]), multiply(student.inner, along[scale])));
  return ofPairs(beside('atK'), beside('atJ'));
}

/** [n, n], of i and j and of i and k: what an angle says of its first and of its second side. */
function ofPairs(first: Tensor, second: Tensor): Tensor {
  return add(sum(first, 2), sum(second, 1));
}

function beyond(x: Tensor): Tensor {
  return relu(shift(x, -1));
}
