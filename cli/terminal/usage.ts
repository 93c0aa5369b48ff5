/** An invalid command line: reported in one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
