import { constants } from 'node:os';
import { DistillError } from 'wasm-distill';

/** Ctrl-C, what `kill` sends, and the end of the terminal or of the connection to it. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal lets running work save itself and stop; the second ends the process at once. Returns a function that
 * says which exit code the first one asks for: 128 + its number, as of a program that it ended.
 */
export function onInterrupt(stop: () => void): () => number | undefined {
  let asked: number | undefined;
  for (const signal of SIGNALS)
    process.on(signal, () => {
      const code = 128 + constants.signals[signal];
      if (asked !== undefined) process.exit(code);
      asked = code;
      stop();
    });
  return () => asked;
}

/** A failed stage stops those beside it, whose own errors then say nothing new. */
export function rootOf(error: unknown, { reason }: AbortSignal): unknown {
  return isAborted(error) && reason !== undefined && !(reason instanceof DOMException) ? reason : error;
}

export function isAborted(error: unknown): boolean {
  return error instanceof DistillError && error.code === 'aborted';
}
