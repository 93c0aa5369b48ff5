import type { EngineReport } from 'wasm-distill';
import type { DigitMaps } from './maps-of.ts';
import type { Stage } from './run.ts';
import type { Point } from './saved.ts';
import type { Settings } from './settings.ts';

/** Who can be asked what a digit is. The loaded student is one from a file. */
export type Classifier = 'teachers' | 'distilled' | 'hard' | 'loaded';

export type Phase = 'loading' | 'ready' | 'running' | 'paused' | 'finished';

/** What the page asks of the lab; each question is answered once, by its number. */
export type Question =
  | { kind: 'classify'; image: Uint8Array }
  | { kind: 'soften'; digit: number; temperature: number; settings: Settings }
  | { kind: 'save' }
  | { kind: 'load'; name: string; bytes: Uint8Array };

export interface Answers {
  /** Probabilities of the ten digits by each that has been trained. */
  classify: Partial<Record<Classifier, Float32Array>>;
  /** The teachers' averaged probabilities at the temperature: before their first step, and as far as they are trained. */
  soften: { before: Float32Array; now: Float32Array | undefined };
  /** The distilled student as a .safetensors file. */
  save: Uint8Array;
  /** The network in shorthand, and how it does on the test images. */
  load: { network: string; errors: number; confusion: number[][] };
}

export type ToLab =
  /** The first message; `mnist` is the folder of MNIST's files. */
  | { kind: 'open'; mnist: string }
  | { kind: 'start'; settings: Settings }
  | { kind: 'pause' }
  | { kind: 'continue' }
  | { kind: 'stop' }
  | { kind: 'ask'; id: number; question: Question };

export type FromLab =
  | { kind: 'fetching'; share: number }
  /** The lab is ready; `digits` are one test image of each digit, `noGpu` is why WebGPU can't be chosen. */
  | { kind: 'opened'; digits: Uint8Array[]; noGpu: string | undefined }
  /** What computes from now on. */
  | { kind: 'engine'; report: EngineReport }
  /** Which settings the phase is about; none before a first run. */
  | { kind: 'phase'; phase: Phase; settings: Settings | undefined }
  | { kind: 'stage'; stage: Stage }
  | { kind: 'progress'; job: string; samples: number; totalSamples: number }
  | { kind: 'learned'; name: string; points: Point[]; confusion: number[][] }
  | { kind: 'taught'; errors: number; confusion: number[][] }
  /** Where the teacher and the student look in the digits so far. */
  | { kind: 'maps'; teaching: Settings['teaching']; teacher: DigitMaps; student: DigitMaps }
  | { kind: 'hashes'; hard: string; distilled: string }
  | { kind: 'notice'; message: string }
  | { kind: 'failure'; message: string }
  | { kind: 'answer'; id: number; value: Answers[keyof Answers] }
  | { kind: 'refusal'; id: number; message: string };
