/** Says where labels came as rows of zeros with a single 1, which the library takes without a word. */
export function oneHotNote(classes: number): string {
  return `the labels are one-hot: the place of the 1 among ${classes} is the class`;
}
