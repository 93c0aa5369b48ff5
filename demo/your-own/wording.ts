/** What the library's sentences advise its callers, as what can be chosen on the page. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/Name it as label, or give label: false for none/, 'Choose it below'],
  [/fill such in by missing: 'mean'/, 'choose below to fill such in'],
  [/give a size to resize all images to, such as size: \d+/, 'choose below a size for all'],
  [/the training data's classes/, 'the classes that are known'],
  [/give a smaller size, or fewer/, 'choose below a smaller size, or give fewer'],
];

/** What went wrong and what to do, for people; it may begin with a file's name, so it goes on from a colon. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const worded = WORDS.reduce((text, [from, to]) => text.replace(from, to), message);
  return /[.!?]$/.test(worded) ? worded : `${worded}.`;
}
