import { expect } from 'vitest';
import { DistillError } from '#library/errors.js';

/** The error that `run` throws, or that its promise rejects with; fails if there is none or it isn't a DistillError. */
export async function faultOf(run: () => unknown): Promise<DistillError> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    return error as DistillError;
  }
  throw new Error('nothing was thrown');
}

/** A file given as text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
