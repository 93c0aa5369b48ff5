import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import type { Place } from './place.ts';
import { type ImageReading, type Preparation, preparationOf } from './preparation.ts';

/** How data are to be read, where that isn't left to us. */
export interface Ask {
  /** The label's column or array, by name or number; false for none. */
  label?: string | false;
  /** The inputs' columns or array, by name or number. */
  input?: readonly string[];
  missing?: 'mean';
  /** Height and width. */
  size?: readonly [number, number];
  crop?: boolean;
  /** The column or array by which rows are known to files of outputs; images are known by their files' names. */
  softId?: string;
}

/** What other data are to be like: the training data, or what a model takes. */
export interface Like extends Preparation {
  classNames?: readonly string[];
  /** Of a training image. */
  channels?: 1 | 3;
  /** Of what a model takes, where data are read for one. */
  shape?: readonly number[];
}

/** What a model's file says of the data that it is for. */
export function likeOfModel({ classNames, ...made }: Like, shape: readonly number[]): Like {
  return { ...(classNames && { classNames }), ...preparationOf(made), ...channelsOf(shape), shape };
}

/** What pictures are made to be: what is asked for, else what a model's were; all are to have one size if neither says. */
export function picturesOf(
  { size, crop }: Ask,
  { images, channels }: Like,
): Partial<ImageReading> & Pick<Like, 'channels'> {
  const made = size ? { size, ...(crop && { crop }) } : images;
  return { ...made, ...(channels && { channels }) };
}

/** What pictures have become, for new ones to become the same. */
export function imagesOf({ inputs: { shape } }: Dataset, { crop }: Partial<ImageReading>): ImageReading {
  const [height, width] = shape as [number, number];
  return { size: [height, width], ...(crop && { crop }) };
}

/** The channels of images of this shape; undefined of what is no image. */
export function channelsOf(shape: readonly number[]): Pick<Like, 'channels'> {
  return shape.length === 3 ? { channels: shape[2] === 3 ? 3 : 1 } : {};
}

/** The samples of a split by their places in the whole. */
export interface Indices {
  train: readonly number[];
  val?: readonly number[];
  test?: readonly number[];
}

export interface Parts {
  train: Dataset;
  val?: Dataset;
  test?: Dataset;
  /** Which of the training samples each part has, where parts were split off them. */
  indices?: Indices;
}

/** What was read of a place: in parts, if it has some. */
export interface Reading extends Parts, Preparation {
  /** What was ignored, dropped, turned or filled, a sentence each. */
  notes: readonly string[];
  /** What tells the training samples apart, where that was asked for. */
  ids?: readonly string[];
  /** Another file that the test part comes from. */
  testName?: string;
  /** Of images in a folder: where each of the training part lies in it. */
  names?: readonly string[];
  /** Parts of the training data, where more than the choice of samples depends on them. */
  divide?: (indices: Indices) => Parts;
}

/** What was found of a place whose training data go by a stream. */
export type StreamReading = Omit<Reading, 'train' | 'divide' | keyof Preparation> & { train: SampleStream };

/** A kind of data. */
export interface Reader {
  /** What people call it. */
  title: string;
  /** The options that say how such data are read. */
  takes: readonly (keyof Ask)[];
  read(place: Place, ask: Ask, like: Like): Promise<Reading>;
  /** The same, with the training data as a stream, if they take more bytes than these; undefined if they don't. */
  stream?(place: Place, ask: Ask, most: number): Promise<StreamReading | undefined>;
}
