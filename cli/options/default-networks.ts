import type { Dataset } from 'wasm-distill';
import { DEFAULTS } from './defaults.ts';

export interface DefaultNetworks {
  /** Hidden layers of each teacher, as --teacher takes them. */
  teacher: string;
  /** Hidden layers of the student, as --student takes them. */
  student: string;
}

/** What two convolutions of 5 × 5 without a margin, each with pooling, leave something of. */
const LEAST_SIDE = 16;

/**
 * The networks for data that nobody named any for. Gray images have the paper's perceptrons, color images small
 * convolutional networks, as a perceptron of their pixels learns little; rows of numbers small perceptrons: tables have few
 * columns and few rows.
 */
export function defaultNetworks({ inputs: { shape } }: Pick<Dataset, 'inputs'>): DefaultNetworks {
  if (shape.length !== 3) return { teacher: '100,100', student: '100,100' };
  const [height = 0, width = 0, channels] = shape;
  if (channels !== 3 || Math.min(height, width) < LEAST_SIDE)
    return { teacher: DEFAULTS.teacher, student: DEFAULTS.student };
  return {
    teacher: 'conv16k5v pool conv32k5v pool dense128',
    student: 'conv8k5s2v conv16k5v pool dense32',
  };
}
