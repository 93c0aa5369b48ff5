import type { KdOptions } from 'wasm-distill';
import type { DataName } from './data-sets.ts';
import type { TeacherName } from './teachers.ts';

/** A distillation that is compared with the same student on labels alone. Plain data. */
export interface Cell {
  data: DataName;
  /** How many of the training samples the student sees, the first ones. */
  size: number | 'all';
  /** Trained on all training samples, whatever the student sees. */
  teacher: TeacherName;
  /** The student in shorthand, without its class layer. */
  student: string;
  T: number;
  form: NonNullable<KdOptions['form']>;
  /** Weight of the labels; the form 'sum' has none. */
  alpha?: number;
  /** Of 100 samples; rounded to whole epochs. */
  steps: number;
  seed: number;
}

/** What the student on labels depends on: cells that agree in these share it. */
export type LabelsCell = Pick<Cell, 'data' | 'size' | 'student' | 'steps' | 'seed'>;

export function labelsOf({ data, size, student, steps, seed }: Cell): LabelsCell {
  return { data, size, student, steps, seed };
}

/** In one line, by which --only finds it: `mnist 1800 | 100,100 | T 4 fusion a 0.1 | 2000 steps, seed 1`. */
export function nameOf(cell: Cell): string {
  const { T, form, alpha, steps, seed } = cell;
  const loss = `T ${T} ${form}${alpha === undefined ? '' : ` a ${alpha}`}`;
  return `${cell.data} ${cell.size} | ${cell.student} | ${loss} | ${steps} steps, seed ${seed}`;
}

export function labelsName({ data, size, student, steps, seed }: LabelsCell): string {
  return `${data} ${size} | ${student} | labels | ${steps} steps, seed ${seed}`;
}
