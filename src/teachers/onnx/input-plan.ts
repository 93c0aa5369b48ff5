import { DistillError } from '../../errors.js';
import type { OnnxLayout } from '../../formats/onnx/describe.js';
import type { OnnxValue } from '../../formats/onnx/model.js';
import { type Shape, size as sizeOf } from '../../graph/shape.js';

/** The model's only input, as its description tells it. */
export type OnnxInput = OnnxValue & { readonly layout: OnnxLayout | undefined };

/** How samples of a shape become what a model takes. */
export interface InputPlan {
  /** Of a sample: channels last, as data sets have them; after resizing, before gray becomes color. */
  readonly from: Shape;
  /** Images: height and width after resizing; undefined for rows of numbers. */
  readonly image: { readonly height: number; readonly width: number; readonly channels: number } | undefined;
  readonly layout: OnnxLayout | undefined;
  /** Of a sample as the model takes it, without the batch. */
  readonly to: readonly number[];
}

interface Wishes {
  readonly layout?: OnnxLayout | undefined;
  readonly size?: readonly [number, number] | undefined;
}

/** `name` is the model's, for messages. @throws DistillError 'mismatch' for samples that the model doesn't take */
export function planInput(input: OnnxInput, shape: Shape, wishes: Wishes, name: string): InputPlan {
  const own = input.shape?.slice(1);
  return own?.length === 3 && shape.length === 3
    ? planImages(input, shape, wishes, name)
    : planNumbers(input, own, shape, wishes, name);
}

function planImages(
  input: OnnxInput,
  shape: Shape,
  { layout: wanted, size }: Wishes,
  name: string,
): InputPlan {
  const own = input.shape!.slice(1);
  const given = shape[2]!;
  const layout = wanted ?? input.layout ?? layoutFor(own, given);
  const [channels, height, width] = layout === 'nchw' ? own : [own[2], own[0], own[1]];
  if (!takesChannels(channels, given))
    throw mismatch(
      name,
      `takes images of ${channels} channels, the layout being ${layout}, but the samples have ${given}`,
    );
  const image = {
    height: side(height, size?.[0], shape[0]!, name),
    width: side(width, size?.[1], shape[1]!, name),
    channels: typeof channels === 'number' ? channels : given,
  };
  const to =
    layout === 'nchw'
      ? [image.channels, image.height, image.width]
      : [image.height, image.width, image.channels];
  return { from: [image.height, image.width, given], image, layout, to };
}

/** Where neither the graph nor the user tells: channels first, as most exporters have them, if that can be. */
function layoutFor(own: readonly (number | string | undefined)[], channels: number): OnnxLayout {
  return takesChannels(own[0], channels) || !takesChannels(own[2], channels) ? 'nchw' : 'nhwc';
}

/** Gray is given as color. */
function takesChannels(own: number | string | undefined, given: number): boolean {
  return typeof own !== 'number' || own === given || (own === 3 && given === 1);
}

/** The model's own size, the one asked for, or that of the samples. */
function side(
  own: number | string | undefined,
  wanted: number | undefined,
  given: number,
  name: string,
): number {
  if (typeof own !== 'number') return wanted ?? given;
  if (wanted !== undefined && wanted !== own)
    throw mismatch(name, `takes images of ${own} pixels a side, not of ${wanted}: leave the size out`);
  return own;
}

/** Rows of numbers, and images that the model takes as such: only their number counts. */
function planNumbers(
  { shape: whole }: OnnxInput,
  own: readonly (number | string | undefined)[] | undefined,
  shape: Shape,
  { layout, size }: Wishes,
  name: string,
): InputPlan {
  if (size !== undefined)
    throw mismatch(name, `takes no images of height and width, so that a size means nothing: leave it out`);
  const count = sizeOf(shape);
  const to = filled(own ?? [undefined], shape);
  if (to === undefined || sizeOf(to) !== count)
    throw mismatch(
      name,
      `takes [${(whole ?? ['?']).map((one) => one ?? '?').join(', ')}], the first being the number of samples, but a sample has the shape [${shape}]`,
    );
  return { from: shape, image: undefined, layout: shape.length === 3 ? layout : undefined, to };
}

/** The sizes that aren't told are those of the sample, or follow from how many numbers it has. */
function filled(own: readonly (number | string | undefined)[], shape: Shape): readonly number[] | undefined {
  const open = own.filter((one) => typeof one !== 'number').length;
  if (open === 0) return own as readonly number[];
  const known = own.reduce<number>((product, one) => (typeof one === 'number' ? product * one : product), 1);
  const bare = shape.length === 3 && shape[2] === 1 && own.length === 2 ? shape.slice(0, 2) : shape;
  if (open === 1) return own.map((one) => (typeof one === 'number' ? one : sizeOf(shape) / known));
  if (bare.length !== own.length) return undefined;
  return own.map((one, k) => (typeof one === 'number' ? one : bare[k]!));
}

function mismatch(name: string, problem: string): DistillError {
  return new DistillError('mismatch', `${name} ${problem}`);
}
