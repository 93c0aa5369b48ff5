/** What went wrong, in one word that a program can test. */
export type ErrorCode =
  | 'bad-argument' // an option, shape or model that can't be
  | 'bad-file' // a file whose content isn't what it should be
  | 'missing' // a file, package or feature that isn't there
  | 'memory' // more than wasm32 or this machine can hold
  | 'diverged' // a loss or weight that is NaN or infinite
  | 'worker' // a thread that died, trapped or hung
  | 'aborted' // stopped by the caller's AbortSignal
  | 'mismatch'; // soft targets, checkpoint or weights that belong to something else

/** Every error this library throws on purpose: one sentence that says what, where and what to do. */
export class DistillError extends Error {
  override readonly name = 'DistillError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
