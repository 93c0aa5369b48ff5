/** What computes a training. */
export type Backend = 'wasm' | 'webgpu';

export const BACKENDS: Readonly<Record<Backend, string>> = { wasm: 'WebAssembly', webgpu: 'WebGPU' };

/** What a visitor chooses. */
export interface Settings {
  teachers: number;
  /** A teacher's network in shorthand, without input and classes. */
  teacher: string;
  teacherEpochs: number;
  /** A student's network, likewise. */
  student: string;
  /** How many of the training images the students see; the teachers see all. */
  images: number;
  temperature: number;
  /** How the distilled student is taught. */
  teaching: 'kd' | 'attention' | 'fitnets';
  /** Weight a of the hard labels; the soft targets have b = 1 − a. */
  alpha: number;
  backend: Backend;
}

/** By trials on two cores: trained in less than a minute, and the distilled student ends clearly ahead. */
export const DEFAULTS: Settings = {
  teachers: 2,
  teacher: 'conv8k5s2v conv16k5v pool dense32',
  teacherEpochs: 3,
  student: 'conv4k5s2v conv12k5v pool',
  images: 2000,
  temperature: 8,
  teaching: 'kd',
  alpha: 0.1,
  backend: 'wasm',
};

export const STUDENT_EPOCHS = 40;
/** Of these, the ones of FitNets' first stage: a third, as the library has it. */
export const HINT_EPOCHS = 13;

/** Settings that a way of teaching has no use for. */
export const UNUSED: Readonly<Record<Settings['teaching'], readonly (keyof Settings)[]>> = {
  kd: [],
  attention: ['teachers', 'temperature', 'alpha'],
  fitnets: ['teachers', 'alpha'],
};

/** How many teachers there are: a way that looks into its teacher has one. */
export function teacherCount({ teachers, teaching }: Pick<Settings, 'teachers' | 'teaching'>): number {
  return UNUSED[teaching].includes('teachers') ? 1 : teachers;
}
