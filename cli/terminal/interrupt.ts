import { DistillError } from 'wasm-distill';

/** Exit code of a program that Ctrl-C ended: 128 + SIGINT's number. */
export const INTERRUPTED = 130;

/** The first Ctrl-C (or SIGTERM) lets running work save itself and stop; the second ends the process at once. */
export function onInterrupt(stop: () => void): void {
  let asked = false;
  const listener = () => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    stop();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
}

/** A failed stage stops those beside it, whose own errors then say nothing new. */
export function rootOf(error: unknown, { reason }: AbortSignal): unknown {
  return isAborted(error) && reason !== undefined && !(reason instanceof DOMException) ? reason : error;
}

export function isAborted(error: unknown): boolean {
  return error instanceof DistillError && error.code === 'aborted';
}
