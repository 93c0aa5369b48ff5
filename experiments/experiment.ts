import type { DataName } from './data-sets.ts';
import type { Model, Training } from './model.ts';

/** A line of a table: a model, what is measured of it, and what the paper has and what is hoped for. */
export interface Row {
  what: string;
  model: Model;
  seeds: readonly number[];
  paper?: number | undefined;
  goal?: number | undefined;
  /** Number of errors on the test images (default), their share or that of the others in per cent. */
  measure?: 'errors' | 'error' | 'accuracy' | 'training accuracy' | 'recall at 1' | 'mean average precision';
  /** The classes whose test images are found among themselves, by what the last layer takes, for the last two measures. */
  retrieved?: readonly number[];
  /** What is measured is the model as its file of 8 bits has it. */
  eightBits?: true;
  /** Only the errors on images of this class. */
  ofClass?: number;
  /** The models of all seeds answer together, by their averaged probabilities (default: each for itself). */
  together?: boolean;
  /** Classes whose biases are changed first, until the model predicts them as often as the training images have them. */
  adjust?: readonly number[];
  /** Where it lies in the experiment's plot. */
  at?: { x: number; line: string };
  /** The row whose errors its steps are counted to, where that isn't the comparison's `stepsTo` itself. */
  stepsTo?: string;
}

/** A further line: how much of the way from one row to another a third one gets, in per cent. */
export interface Recovered {
  what: string;
  paper: number;
  goal: number;
  of: string;
  from: string;
  to: string;
}

export interface Plot {
  x: string;
  y: string;
  log?: boolean;
}

/** Models side by side. */
export interface Comparison {
  kind: 'comparison';
  rows: readonly Row[];
  recovered?: readonly Recovered[];
  plot?: Plot;
  /** A row's name: a column tells after how many steps each of the others has no more errors than it has at its end. Where rows name others, what these are. */
  stepsTo?: string;
}

/** A generalist of pairs of digits, and specialists for the classes that it confuses. */
export interface SpecialistStudy {
  kind: 'specialists';
  seeds: readonly number[];
  generalist: Model;
  /** How many pairs are learned from, stop training early, and count errors. */
  pairs: { training: number; validation: number; test: number };
  /** How many of the images are kept for the pairs that stop training early. */
  heldOut: number;
  clusters: number;
  /** Of the generalist's predictions that classes are clustered by. */
  clusterTemperature: number;
  /** By hard labels, stopped early. */
  early: Training & { patience: number };
  /** With soft targets for what isn't special, to the end. */
  soft: Training & { temperature: number };
}

/** An experiment is data: which models are trained, and what is measured of them. */
export type Experiment = {
  name: string;
  /** What it shows, in a sentence. */
  shows: string;
  /** What is learned and tested on (default: MNIST). */
  data?: DataName;
  /** The paper's numbers are of another task: nothing to measure ours by. */
  otherTask?: boolean;
  /** Whose numbers ours are set beside (default: the paper). */
  beside?: string;
  /** There is no paper's number to set ours beside. */
  withoutNumbers?: boolean;
} & (Comparison | SpecialistStudy);
