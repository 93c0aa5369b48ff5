import { DistillError } from '../errors.js';

/** An epoch of training. Its test errors are counted after the epoch's checkpoint has been written. */
export interface Epoch {
  epoch: number;
  /** Mean over the epoch's samples. */
  loss: number;
  /** Training time so far, excluding interruptions. */
  seconds: number;
  /**
   * On the job's test data: of every point, or with validation data only of the last one, where they are those of the
   * weights that are kept.
   */
  testErrors?: number;
  /** On the job's validation data, if it has any. */
  validationErrors?: number;
}

/** An epoch whose errors have been counted, on the one data or the other. */
export type Point = Epoch;

/** The epochs that a checkpoint records; some may lack their errors. @throws DistillError 'bad-file' */
export function readEpochs(value: unknown, file: string): Epoch[] {
  if (Array.isArray(value) && value.every(isEpoch)) return value;
  throw damaged(file);
}

/** The whole history, from the metadata of a finished model. @throws DistillError 'bad-file' */
export function readHistory(text: string | undefined, file: string): Point[] {
  const points = parsed(text);
  if (Array.isArray(points) && points.every(isPoint) && points.at(-1)?.testErrors !== undefined)
    return points;
  throw damaged(file);
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isEpoch(value: unknown): value is Epoch {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, loss, seconds, testErrors, validationErrors } = value as Record<string, unknown>;
  const numbers = [epoch, loss, seconds].every((n) => typeof n === 'number');
  return numbers && [testErrors, validationErrors].every((n) => n === undefined || typeof n === 'number');
}

function isPoint(value: unknown): value is Point {
  return isEpoch(value) && (value.testErrors ?? value.validationErrors) !== undefined;
}

function damaged(file: string): DistillError {
  return new DistillError(
    'bad-file',
    `${file}: the training history in its metadata can't be read: train again without --resume`,
  );
}
