import type { ImageData8, ShownSample } from '../report.ts';

/** What is inside of teacher and student, as far as the student's objective looks there. */
export interface Inside {
  /** Losses by epoch of the stages before the last, each in terms of what it learned. */
  stages?: StageCurve[];
  maps?: MapsFigure[];
  relations?: RelationFigure[];
  neighbors?: NeighborsFigure;
}

export interface StageCurve {
  /** Of the catalog, such as 'fitnets'. */
  objectives: string[];
  points: { epoch: number; loss: number }[];
}

/** Something of a teacher, and of the student before and after distillation. */
export interface BySide<T> {
  teacher: T;
  distilled: T;
  hard: T;
}

/** Where networks look. */
export interface MapsFigure {
  /** Of a pair of layers, or how the loss depends on each pixel; of a teacher that is no network one tensor was asked for. */
  of: { teacher?: string; student: string } | 'gradients';
  samples: ({ index: number; label: number; maps: BySide<ImageData8> } & ShownSample)[];
}

/** How alike samples are for each, as matrices of some of them. */
export interface RelationFigure {
  measure: Measure;
  /** Of the samples, by class: a row and a column of the matrices each. */
  labels: number[];
  /** A byte for each pair, 255 for the most alike; one scale for all three. */
  matrices: BySide<ImageData8>;
  /** What is drawn as 0 and 255. */
  range: [number, number];
  /** The mean difference from the teacher's matrix. */
  apart: { distilled: number; hard: number };
}

/** Cosines of angles, or distances divided by their mean. */
export type Measure = 'cosines' | 'distances';

/** What the student finds nearest to a sample. */
export interface NeighborsFigure {
  /** Test samples that were searched. */
  searched: number;
  /** The share of them whose nearest sample is of their own class; of a teacher whose layers nobody knows there is none. */
  first: Omit<BySide<number>, 'teacher'> & { teacher?: number };
  queries: ({ index: number; label: number; found: Found[] } & ShownSample)[];
}

export interface Found extends ShownSample {
  index: number;
  label: number;
}
