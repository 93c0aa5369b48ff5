import { type Shape, size, strides } from '../../graph/shape.js';

/** Numbers of a shape in the order of its axes permuted: axis i of the result is axis `axes[i]` of the shape. */
export function turned(values: Float32Array, shape: Shape, axes: readonly number[]): Float32Array {
  const lengths = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides(shape)[axis]!);
  const made = new Float32Array(size(shape));
  const at = lengths.map(() => 0);
  for (let i = 0, from = 0; i < made.length; i++) {
    made[i] = values[from]!;
    // On to the next place: the last axis that isn't at its end counts up, those after it begin again.
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < lengths[axis]!) break;
      from -= steps[axis]! * lengths[axis]!;
      at[axis] = 0;
    }
  }
  return made;
}
