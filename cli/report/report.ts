import type { EngineReport } from 'wasm-distill';
import type { SilentLayer } from 'wasm-distill/jobs';
import type { DataFacts } from '../data/facts.ts';
import type { Comparison } from './comparison.ts';
import type { Inside } from './inside/inside.ts';

/** The JSON report of `wasm-distill distill`: what the terminal's table and the HTML page are made from. */
export interface Report {
  /** Every option of the run, defaults included. */
  config: Record<string, string | number | boolean | number[] | string[]>;
  /** What was understood of the data. */
  data?: DataFacts;
  environment: Environment;
  teachers: ModelReport[];
  /** What is known of teachers given as files before anything trains; none are listed that the run trains. */
  knownTeachers?: KnownTeacher[];
  /**
   * The averaged ensemble of the teachers, deployed at T = 1. Outputs made elsewhere are among them if they are there for
   * all test (and validation) samples; where there are none that can be asked, there is no ensemble.
   */
  ensemble?: { testErrors: number; parameters?: number; balancedAccuracy?: number };
  student: {
    /** The student trained on hard labels alone. */
    hard: ModelReport;
    /** The student trained on the fused (or two-term) targets. */
    distilled: ModelReport;
  };
  /** Teachers and students side by side. */
  comparison?: Comparison;
  /** Layers, gradients and relations of teacher and student, where the student's objective looks at them. */
  inside?: Inside;
  /** Who learned from what. */
  saw: Seen[];
  /** Sentences about results that nobody wants: networks that collapsed, teachers and students no better than labels. */
  warnings: string[];
  /** Wall-clock seconds of each stage, and in total. */
  seconds: Record<string, number>;
  /** How many test images `testErrors` are out of. */
  testSize: number;
  /** How many validation samples the curves' `validationErrors` are out of. */
  validationSize?: number;
  /** One curve per trained model, in the order trained. */
  curves: Curve[];
  /** For the ensemble and each student: confusion[true class][predicted class] on the test images. */
  confusion: { name: string; matrix: number[][] }[];
  /** How several teachers decide on the test images, each by its own largest probability. */
  agreement?: AgreementReport;
  /** Some test images with the ensemble's probabilities at T = 1 and at the temperature of the run. */
  examples: Example[];
  /** Test images that the distilled student gets wrong. */
  misclassified: Misclassified[];
}

/** What computed. */
export interface Environment {
  backend: EngineReport['backend'];
  /** What the GPU calls itself, and what of the work it does: 'auto' leaves small steps in wasm. */
  adapter?: string;
  reason?: string;
  threads: number;
  simd: boolean;
  node: string;
  platform: string;
  version: string;
}

export interface ModelReport {
  name: string;
  /** Units of each layer, input and classes included: [784, 800, 800, 10]; what isn't a perceptron in shorthand. */
  layers: number[] | string;
  /** Not known of every ONNX model. */
  parameters?: number;
  testErrors: number;
  /** Where classes are imbalanced. */
  balancedAccuracy?: number;
  /** Of an ONNX model of its file, and how it was run. */
  weightsSha256: string;
  /** Multiply-adds of one forward pass relative to the whole ensemble's (1 = as costly as the ensemble). */
  relativeCost?: number;
  file: string;
  /** Of an ONNX model, with the files beside it. */
  bytes?: number;
  /** The same model in other formats, in files beside it. */
  exported?: ExportedFile[];
  /** Where it has learned hardly more than how frequent the classes are. */
  collapsed?: true;
  /** Where early in its training most units of a layer answered 0 to everything. */
  silent?: SilentLayer;
  /** The epoch whose weights these are, where not the last one's. */
  kept?: number;
}

export interface ExportedFile {
  format: string;
  file: string;
  bytes: number;
}

/**
 * A teacher given as a file, on the validation data, or on the test data where there are none; outputs made elsewhere that
 * have no answers for all of these, on the training data.
 */
export interface KnownTeacher {
  file: string;
  part: 'test' | 'validation' | 'training';
  /** Labeled ones. */
  samples: number;
  errors: number;
  /** Of always answering their most frequent class. */
  constantErrors: number;
}

export interface Seen {
  name: string;
  /** Samples that it learned from, and how many of them with their labels. */
  samples: number;
  labeled: number;
  epochs: number;
  /** Whether with soft targets of the teachers, or what --objective names. */
  soft: boolean;
  /** That, where it was given: "kd+attention". */
  by?: string;
}

export interface AgreementReport {
  /** Images on which all teachers decide alike, those of them on which all are wrong, and those on which none is right. */
  unanimous: number;
  unanimousErrors: number;
  noneRight: number;
  /** alike[i][j]: images on which teachers i and j decide alike. */
  alike: number[][];
  /** Of each teacher, and of the mean of their probabilities. */
  errors: number[];
  errorsTogether: number;
  /** How many images split them, and those that do so most. */
  disputed: number;
  disputes: { index: number; label: number; decisions: number[]; together: number }[];
}

export interface Curve {
  name: string;
  points: { epoch: number; loss: number; testErrors?: number; validationErrors?: number }[];
}

/** What is shown of a sample. */
export interface ShownSample {
  image?: ImageData8;
  /** The first numbers of what is no image. */
  row?: number[];
}

/** An image as height × width (× 3, if in color) bytes (0 black, 255 white) in base64. */
export interface ImageData8 {
  height: number;
  width: number;
  channels?: 3;
  base64: string;
}

export interface Example extends ShownSample {
  index: number;
  label: number;
  /** Probabilities of the classes at T = 1 and at the run's temperature. */
  atOne: number[];
  atTemperature: number[];
}

export interface Misclassified extends ShownSample {
  index: number;
  label: number;
  predicted: number;
  /** The student's probability for `predicted`, T = 1. */
  confidence: number;
}
