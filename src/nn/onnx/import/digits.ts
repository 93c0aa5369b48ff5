/** A float as people wrote it before it was rounded to 32 bits: the shortest decimal that rounds to the same. */
export function shortest(value: number): number {
  return shortestOf(value, (decimal) => Math.fround(decimal) === Math.fround(value));
}

/** The shortest decimal whose inverse is this float: 255 of what was written as 1/255. */
export function shortestInverse(value: number): number {
  return shortestOf(1 / value, (decimal) => Math.fround(1 / decimal) === Math.fround(value));
}

function shortestOf(value: number, isSame: (decimal: number) => boolean): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (isSame(decimal)) return decimal;
  }
  return Number(value.toPrecision(9));
}
