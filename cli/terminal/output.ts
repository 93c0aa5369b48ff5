import { codeOf, reasonOf } from '../files/system-errors.ts';

/** Exit code of a program that couldn't do what it was asked to. */
export const FAILED = 1;

/**
 * Keeps a run going whoever reads it: readers that stop early, such as head, or that Ctrl-C ended too, such as tee, are no
 * failure, and what is said on standard error is news, not results. Only a standard output that can't take the results
 * is told, and is in the returned exit code.
 */
export function watchOutput(name: string): { code(): number } {
  let code = 0;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (codeOf(error) === 'EPIPE' || code !== 0) return;
    code = FAILED;
    process.exitCode ||= code;
    console.error(`${name}: standard output can't be written (${reasonOf(error)}): redirect it elsewhere`);
  });
  return { code: () => code };
}
