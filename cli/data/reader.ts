import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import { channelsOf } from './pictures.ts';
import type { Place } from './place.ts';
import { type Preparation, preparationOf } from './preparation.ts';

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

/** The samples of a split by their places in the whole. */
export interface Indices {
  train: readonly number[];
  val?: readonly number[];
  test?: readonly number[];
}

/** Samples in memory, or a stream of such as are too many. */
export type Data = Dataset | SampleStream;

export interface Parts {
  train: Data;
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

/** A kind of data. */
export interface Reader {
  /** What people call it. */
  title: string;
  /** The options that say how such data are read. */
  takes: readonly (keyof Ask)[];
  /**
   * What is there. Training data that would take more than `most` bytes in memory come as a stream, where their kind can be
   * read in parts: a reader estimates that before it reads them.
   */
  read(place: Place, ask: Ask, like: Like, most: number): Promise<Reading>;
}
