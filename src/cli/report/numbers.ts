const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1275210 → "1,275,210". */
export function count(n: number): string {
  return grouped.format(n);
}

/** 97 of 10000 → "0.97%". */
export function errorRate(errors: number, of: number): string {
  return of > 0 ? `${((100 * errors) / of).toFixed(2)}%` : '–';
}

/** A cost relative to a whole: "12%", "4.3%", "0.21%". */
export function share(fraction: number): string {
  const percent = 100 * fraction;
  const digits = percent >= 9.95 || percent === 0 ? 0 : percent >= 0.995 ? 1 : 2;
  return `${percent.toFixed(digits)}%`;
}

/** A probability; "100%" and "0%" are said only of exactly that. */
export function probability(p: number): string {
  if (p === 0 || p === 1) return `${100 * p}%`;
  if (p > 0.999) return '>99.9%';
  if (p < 0.001) return '<0.1%';
  const percent = 100 * p;
  return `${percent.toFixed(percent >= 9.95 && percent < 98.5 ? 0 : 1)}%`;
}

/** "0.42 s", "37.1 s", "4 min 05 s", "2 h 07 min". */
export function duration(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 3599.5) return twoUnits(Math.round(seconds), 'min', 's');
  return twoUnits(Math.round(seconds / 60), 'h', 'min');
}

function twoUnits(amount: number, large: string, small: string): string {
  return `${count(Math.floor(amount / 60))} ${large} ${String(amount % 60).padStart(2, '0')} ${small}`;
}

/** "1 error", "97 errors". */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${count(n)} ${n === 1 ? singular : plural}`;
}
