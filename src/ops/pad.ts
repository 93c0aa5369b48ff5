import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { checkShape, type Shape } from '../graph/shape.js';
import { checkTensor, fill, type Tensor } from '../graph/tensor.js';
import { concat } from './concat.js';

/** x embedded in zeros of `shape`, beginning at `start`: the gradient of a slice, composed of concatenations. */
export function pad(x: Tensor, options: { start: Shape; shape: Shape }): Tensor {
  checkTensor(x, 'pad');
  checkNames(options, 'pad', ['start', 'shape']);
  const { start, shape } = options;
  checkShape('pad', shape);
  demand(
    Array.isArray(start) &&
      shape.length === x.shape.length &&
      shape.every((n, i) => Number.isInteger(start[i]) && start[i]! >= 0 && start[i]! + x.shape[i]! <= n),
    () => `pad: [${x.shape}] at [${start}] isn't inside [${shape}]`,
  );
  return shape.reduce((result, n, axis) => {
    const zeros = (length: number) =>
      length > 0
        ? [
            fill(
              0,
              result.shape.map((m, i) => (i === axis ? length : m)),
            ),
          ]
        : [];
    const before = start[axis]!;
    const parts = [...zeros(before), result, ...zeros(n - before - result.shape[axis]!)];
    return parts.length === 1 ? result : concat(parts, axis);
  }, x);
}
