/** " (did you mean attention?)" after a word that is hardly different from one of those that there are, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((one) => ({ one, edits: editsBetween(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(3, Math.floor(one.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return nearest ? ` (did you mean ${nearest.one}?)` : '';
}

/** How many letters have to be added, left out or replaced (Levenshtein 1966). */
function editsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1]! + 1, before[j]! + 1, before[j - 1]! + (letter === b[j - 1] ? 0 : 1)));
    before = row;
  }
  return before[b.length]!;
}
