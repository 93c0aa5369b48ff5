import type { KdOptions } from 'wasm-distill';

export interface Defaults {
  data: string;
  teachers: number;
  /** Hidden layers of each teacher. */
  teacher: string;
  /** Hidden layers of the student. */
  student: string;
  temperature: number;
  alpha: number;
  loss: NonNullable<KdOptions['form']>;
  epochs: number;
  teacherEpochs: number;
  batch: number;
  /** 'auto': the library's default recipe. */
  lr: 'auto' | number;
  teacherLr: 'auto' | number;
  /** T of the teachers' softmax while they learn. */
  teacherTemperature: number;
  /** Which of the training samples the students see. */
  transfer: string;
  keep: 'last' | 'best';
  /** The teachers' jitter, dropout of hidden units, and greatest norm of a unit's weights (0 = none). */
  jitter: number;
  dropout: number;
  maxNorm: number;
  unlabeled: number;
  seed: number;
  seeds: number;
  threads: 'auto' | number;
  backend: 'wasm' | 'webgpu' | 'auto';
}

/** What the command line does unless told otherwise. */
export const DEFAULTS: Defaults = {
  data: 'mnist',
  teachers: 3,
  teacher: '1200,1200',
  student: '800,800',
  temperature: 20,
  alpha: 0.1,
  loss: 'fusion',
  epochs: 10,
  teacherEpochs: 5,
  batch: 100,
  lr: 'auto',
  teacherLr: 'auto',
  teacherTemperature: 1,
  transfer: 'all',
  keep: 'last',
  jitter: 1,
  dropout: 0,
  maxNorm: 0,
  unlabeled: 0,
  seed: 1,
  seeds: 1,
  threads: 'auto',
  backend: 'wasm',
};
