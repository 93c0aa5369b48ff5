import type { CompiledNode } from '../../../compiler/node.js';
import { type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf } from '../../../graph/names.js';
import { type Shape, size } from '../../../graph/shape.js';

/** Columns of the narrowest panel of weights: gradients of fewer channels leave lanes idle. */
const LANES = 4;

type Attributes = AttributesOf['conv2dInput'];

/**
 * The gradient of images with one or two channels makes several pixels side by side at a time, as if they were channels:
 * weights are laid out once for each of them, with zeros between. Products with those change no bits, and 5 × 5 kernels
 * of one channel take half the time.
 */
export const groupNarrowImages: Rewrite = {
  name: "narrow images' gradients by several pixels at a time",
  apply: (roots) =>
    rebuild(roots, (node) => {
      if (node.op !== 'conv2dInput') return node;
      const groups = groupsOf(node, node.attributes as Attributes);
      return groups ? grouped(node, groups) : node;
    }),
};

/** Pixels that count as one, of the images and of the other gradient; a row of groups, as a convolution sees them. */
interface Groups {
  readonly images: number;
  readonly other: number;
  readonly kernel: number;
  readonly left: number;
  readonly right: number;
}

/** None where rows can't be divided into groups. */
function groupsOf(
  { shape, inputs: [y, w] }: CompiledNode,
  { stride, padding, dilation }: Attributes,
): Groups | undefined {
  const [width, channels] = [shape[2]!, shape[3]!];
  const [across, images] = [stride[1], LANES / channels];
  const other = images / across;
  const kernel = w!.shape[1]!;
  const fits = Number.isInteger(other) && width % images === 0 && y!.shape[2]! % other === 0;
  if (channels > 2 || kernel === 1 || dilation[1] > 1 || !fits) return undefined;
  const left = Math.ceil(padding[1] / images);
  const reach = kernel - 1 + across * (other - 1) - padding[1];
  const groups = left + Math.floor(reach / images) + 1;
  const right = y!.shape[2]! / other - 1 + groups - left - width / images;
  return right < 0 ? undefined : { images, other, kernel: groups, left, right };
}

function grouped(node: CompiledNode, groups: Groups): CompiledNode {
  const [y, w] = node.inputs as [CompiledNode, CompiledNode];
  const { images, other, kernel, left, right } = groups;
  const attributes = node.attributes as Attributes;
  const [n, height, width, channels] = node.shape as Sizes;
  const [, rows, columns, filters] = y.shape as Sizes;
  const [top, , bottom] = attributes.padding;
  const [down, taps] = w.shape as Sizes;
  const byTap = reshape(transpose(w, [1, 0, 2, 3]), [taps, down * channels * filters]);
  const laid = reshape(product(places(groups, taps, attributes), byTap), [
    ...[kernel, images, other, down, channels, filters],
  ]);
  const weights = reshape(transpose(laid, [3, 0, 1, 4, 2, 5]), [
    ...[down, kernel, images * channels, other * filters],
  ]);
  const made: CompiledNode = {
    ...node,
    inputs: [reshape(y, [n, rows, columns / other, other * filters]), weights],
    attributes: {
      stride: [attributes.stride[0], 1],
      padding: [top, left, bottom, right],
      dilation: attributes.dilation,
      size: [height, width / images],
    } satisfies Attributes,
    shape: [n, height, width / images, images * channels],
  };
  return reshape(made, node.shape);
}

type Sizes = [number, number, number, number];

/** Which tap connects pixel p of an image's group, g groups on, with pixel q of the other's: [g·p·q, taps] of 1 and 0. */
function places(
  { images, other, kernel, left }: Groups,
  taps: number,
  { stride, padding }: Attributes,
): CompiledNode {
  const values: number[] = [];
  for (let g = 0; g < kernel; g++)
    for (let p = 0; p < images; p++)
      for (let q = 0; q < other; q++) {
        const tap = images * (g - left) + p - stride[1] * q + padding[1];
        for (let t = 0; t < taps; t++) values.push(Number(t === tap));
      }
  const shape = [kernel * images * other, taps];
  return { op: 'constant', inputs: [], attributes: { values }, shape, dtype: 'f32' };
}

function reshape(x: CompiledNode, shape: Shape): CompiledNode {
  return { op: 'reshape', inputs: [x], attributes: { shape }, shape, dtype: 'f32' };
}

function transpose(x: CompiledNode, order: readonly number[]): CompiledNode {
  const shape = order.map((d) => x.shape[d]!);
  return { op: 'transpose', inputs: [x], attributes: { order }, shape, dtype: 'f32' };
}

function product(a: CompiledNode, b: CompiledNode): CompiledNode {
  const attributes: AttributesOf['matmul'] = { transposeA: false, transposeB: false };
  return {
    op: 'matmul',
    inputs: [a, b],
    attributes,
    shape: [a.shape[0]!, size(b.shape) / b.shape[0]!],
    dtype: 'f32',
  };
}
