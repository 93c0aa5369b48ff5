/** What went wrong, in one word that a program can test for. */
export type ErrorCode =
  | 'bad-argument' // an option, shape or model that is invalid
  | 'bad-file' // a file whose content is not what it should be
  | 'missing' // a file, package or feature that is not there
  | 'memory' // more than wasm32 or this machine can hold
  | 'diverged' // a loss or weight that is NaN or infinite
  | 'worker' // a thread that died, trapped or hung
  | 'aborted' // stopped by the caller's AbortSignal
  | 'mismatch'; // soft targets, checkpoint or weights that belong to something else

/** Every error this library throws on purpose: one sentence that says what is wrong, where, and what to do. */
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

/** Throws unless the condition holds. `what` is the whole sentence, or a function if building it is costly. */
export function demand(
  condition: boolean,
  what: string | (() => string),
  code: ErrorCode = 'bad-argument',
): asserts condition {
  if (!condition) throw new DistillError(code, typeof what === 'string' ? what : what());
}

/** The error for work that a signal stopped; the signal's reason is its cause. */
export function aborted(what: string, signal: AbortSignal | undefined): DistillError {
  return new DistillError('aborted', what, { cause: signal?.reason });
}

/** Why the system refused something, in its own words: 'permission denied', 'too many open files'. */
export function systemReason(error: unknown): string {
  const text = (error as Error | undefined)?.message ?? String(error);
  // "EACCES: permission denied, open '/a/path'"
  return /^[A-Z0-9_]+: ([^,]+)/.exec(text)?.[1] ?? text;
}
