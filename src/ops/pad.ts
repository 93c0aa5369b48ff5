import type { Shape } from '../graph/shape.js';
import { fill, type Tensor } from '../graph/tensor.js';
import { concat } from './concat.js';

/** x embedded in zeros of `shape`, beginning at `start`: the gradient of a slice, composed of concatenations. */
export function pad(x: Tensor, { start, shape }: { start: Shape; shape: Shape }): Tensor {
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
