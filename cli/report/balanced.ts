/**
 * The mean over the classes of the share of each one's samples that is recognized, from confusion[label][predicted];
 * undefined where confusions aren't counted. On nine cats and one dog always answering "cat" is right in 90 %, and has a
 * balanced accuracy of one half.
 */
export function balancedAccuracy(confusion: readonly (readonly number[])[]): number | undefined {
  const shares = confusion.flatMap((row, label) => {
    const samples = row.reduce((sum, n) => sum + n, 0);
    return samples > 0 ? [row[label]! / samples] : [];
  });
  return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : undefined;
}

/** As a field of a report, where it is wanted. */
export function balanced(
  wanted: boolean,
  confusion: readonly (readonly number[])[] | undefined,
): { balancedAccuracy?: number } {
  const value = wanted && confusion ? balancedAccuracy(confusion) : undefined;
  return value === undefined ? {} : { balancedAccuracy: value };
}
