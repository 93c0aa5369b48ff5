import { DistillError } from 'wasm-distill';

/** What the library's sentences advise its callers, as options of the command line. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/Name it as label, or give label: false for none/, 'name it with --label, or give --label none'],
  [/missing: 'mean'/, '--missing mean'],
  [/by naming the inputs/, 'by naming the inputs with --input'],
  [/such as size: (\d+)/, 'such as --size $1'],
  [/name one as inputs/, 'name one with --input'],
];

/** Does what the library may refuse, and words its advice as what one types. */
export async function worded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    const message = WORDS.reduce((text, [from, to]) => text.replace(from, to), error.message);
    throw new DistillError(error.code, message, { cause: error });
  }
}
