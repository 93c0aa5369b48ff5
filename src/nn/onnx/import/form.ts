/**
 * How one of ONNX's tensors lies in ours. Own images are [h, w, c] and own rows [k]; ONNX has images as [n, c, h, w], turns
 * them, and takes them apart into rows in either order. Nothing is moved for that: it is kept in mind which own axes each
 * dimension runs over, and weights are permuted where they meet it.
 */
export interface Form {
  /** Sizes of a sample's own axes, in the order of memory: of height, width and channels, or of a row. */
  readonly axes: readonly number[];
  /** Whether a layer has already made one row of them. */
  readonly flat: boolean;
  /** Own axes by each dimension of ONNX's behind the batch, the slowest first; those of size 1 are left out. */
  readonly dims: readonly (readonly number[])[];
}

/** A row that is the same in both. */
export function rowForm(size: number, dims: number = 1, at = dims - 1): Form {
  const all = Array.from({ length: dims }, (_, k) => (k === at ? [0] : []));
  return plain({ axes: [size], flat: false, dims: all });
}

/** An image of [c, h, w] as ONNX's operators take it, from its own sizes. */
export function imageForm(axes: readonly number[]): Form {
  return plain({ axes, flat: false, dims: [[2], [0], [1]] });
}

export function plain({ axes, flat, dims }: Form): Form {
  return { axes, flat, dims: dims.map((own) => own.filter((axis) => axes[axis]! > 1)) };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** Of one sample. */
export function ownShape({ axes, flat }: Form): readonly number[] {
  return flat ? [product(axes)] : axes;
}

/** Of one sample. */
export function onnxShape({ axes, dims }: Form): readonly number[] {
  return dims.map((own) => product(own.map((axis) => axes[axis]!)));
}

/** Whether it is an image with the channels first. */
export function isImage(form: Form): boolean {
  const { axes, flat, dims } = form;
  return axes.length === 3 && !flat && sameDims(dims, imageForm(axes).dims);
}

export function sameDims(a: Form['dims'], b: Form['dims']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The dimension that runs over all numbers of a sample, where one does; all others are of size 1. */
export function wholeDim({ axes, dims }: Form): number | undefined {
  const count = axes.filter((size) => size > 1).length;
  const at = dims.findIndex((own) => own.length === count);
  if (count > 0) return at < 0 ? undefined : at;
  return dims.length > 0 ? dims.length - 1 : undefined;
}

/** Whether both count a sample's numbers in the same order. */
export function inOwnOrder({ dims }: Form): boolean {
  return dims.flat().every((axis, k, all) => k === 0 || all[k - 1]! < axis);
}

/** By its place in ONNX's order, the place of each number of a sample in ours. */
export function placesOf({ axes, dims }: Form): Int32Array {
  const strides = axes.map((_, axis) => product(axes.slice(axis + 1)));
  let places: number[] = [0];
  for (const axis of dims.flat()) {
    const steps = Array.from({ length: axes[axis]! }, (_, i) => i * strides[axis]!);
    places = places.flatMap((place) => steps.map((step) => place + step));
  }
  return Int32Array.from(places);
}

/** What Transpose makes of it; undefined if it moves the batch, or isn't an order of all dimensions. */
export function transposed(form: Form, order: readonly number[]): Form | undefined {
  const isOrder = order.length === form.dims.length + 1 && order.every((_, k) => order.includes(k));
  return isOrder && order[0] === 0
    ? { ...form, dims: order.slice(1).map((from) => form.dims[from - 1]!) }
    : undefined;
}

/**
 * What Reshape makes of it, for the sizes of one sample; undefined where a dimension would take a part of an axis.
 */
export function regrouped(form: Form, sizes: readonly number[]): Form | undefined {
  const rest = [...form.dims.flat()];
  const dims = sizes.map((size) => {
    const own: number[] = [];
    for (let left = size; left > 1; ) {
      const next = form.axes[rest[0] ?? -1] ?? 0;
      if (next < 2 || left % next !== 0) return undefined;
      own.push(rest.shift()!);
      left /= next;
    }
    return own;
  });
  return rest.length === 0 && dims.every((own) => own !== undefined) ? { ...form, dims } : undefined;
}
