import type { DataFacts } from '../../cli/data/facts.ts';

/** A file, with its path from the folder that was given, or else its name. */
export interface GivenFile {
  path: string;
  source: File;
}

/** What somebody dropped or chose as data. */
export interface Given {
  name: string;
  files: GivenFile[];
}

/** How data are to be read, where that isn't left to the page. */
export interface Reading {
  /** The column of labels. */
  label?: string;
  /** Height and width that images are resized to. */
  size?: number;
  /** Missing numbers become their column's mean. */
  fill?: boolean;
}

/**
 * How an ONNX teacher's inputs are prepared: what is subtracted, and what they are divided by, by channel or for all; where
 * its images have their channels.
 */
export interface Prepared {
  mean?: number[];
  std?: number[];
  layout?: 'nchw' | 'nhwc';
}

/** A model that teaches, and the files given along with it: some lie in several. */
export interface GivenTeacher {
  file: File;
  beside: readonly File[];
}

/** What can be chosen of how data are read, and a teacher. */
export interface Choices {
  /** A table's columns, of which one holds the labels. */
  columns?: readonly string[];
  /** They are images, which can be resized. */
  images: boolean;
  /** The teacher takes images, and its graph doesn't tell where it has their channels. */
  layout?: boolean;
}

/** What can be chosen before training. */
export interface Settings {
  /** Of those trained here: how many, their network in shorthand, how long. */
  teachers: number;
  teacher: string;
  teacherEpochs: number;
  /** The student's network in shorthand. */
  student: string;
  epochs: number;
  temperature: number;
}

/** A model that was given as teacher, by what it does before anything trains. */
export interface KnownTeacher {
  name: string;
  /** Its network in shorthand, or what else it is. */
  network: string;
  errors: number;
  /** Test samples. */
  of: number;
  /** Errors of always answering the most frequent class. */
  constantErrors: number;
  /** Where it hardly knows more than that. */
  warning?: string;
}

/** What was understood of data and teacher, and what is proposed for them. */
export interface Understood {
  facts: DataFacts;
  teacher?: KnownTeacher;
  defaults: Settings;
}

/** A row of the table of results. */
export interface Row {
  role: 'ensemble' | 'hard' | 'distilled';
  title: string;
  network?: string;
  errors?: number;
  parameters?: number;
  bytes?: number;
}

export type Format = 'safetensors' | 'onnx';

export type ToWorkshop =
  | { kind: 'open' }
  /** Answered by 'understood' or 'refused' of the same number, unless another one comes meanwhile. */
  | {
      kind: 'read';
      number: number;
      data: Given;
      reading: Reading;
      teacher: GivenTeacher | undefined;
      prepared: Prepared;
    }
  | { kind: 'start'; settings: Settings }
  | { kind: 'stop' }
  | { kind: 'save'; format: Format };

export type FromWorkshop =
  | { kind: 'opened'; threads: number; reason: string }
  | { kind: 'understood'; number: number; understood: Understood; choices: Choices }
  | { kind: 'refused'; number: number; message: string; choices: Choices }
  | { kind: 'stage'; title: string; jobs: number }
  | { kind: 'progress'; job: string; samples: number; totalSamples: number }
  | { kind: 'row'; row: Row }
  | { kind: 'finished'; outcome: string; snippet: string; sha256: string }
  | { kind: 'stopped' }
  | { kind: 'saved'; name: string; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'notice'; message: string }
  /** Nothing can be done here at all. */
  | { kind: 'failure'; message: string }
  /** What was asked for last isn't done. */
  | { kind: 'alert'; message: string };
