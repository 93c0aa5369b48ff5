/** How numbers are written wherever people read them: terminal, report page, tables of experiments. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1275210 → "1,275,210". */
export function count(n: number): string {
  return grouped.format(n);
}

/** "1 error", "97 errors", "3 classes". */
export function counted(n: number, singular: string): string {
  const plural = `${singular}${singular.endsWith('s') ? 'es' : 's'}`;
  return `${count(n)} ${n === 1 ? singular : plural}`;
}

/** 0.0312 → "3%", or "3.1%" with one more digit. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)}%`;
}

/** Operations in millions: "0.019", "2.55", "166". */
export function megaflop(operations: number): string {
  const millions = operations / 1e6;
  return millions.toFixed(millions < 0.1 ? 3 : millions < 100 ? 2 : 0);
}

/** 97 of 10000 → "0.97%". */
export function errorRate(errors: number, of: number): string {
  return of > 0 ? percent(errors / of, 2) : '–';
}

/** A cost relative to a whole: "12%", "4.3%", "0.21%". */
export function share(fraction: number): string {
  return percent(fraction, fraction >= 0.0995 || fraction === 0 ? 0 : fraction >= 0.00995 ? 1 : 2);
}

/** A probability; "100%" and "0%" mean exactly that. */
export function probability(p: number): string {
  if (p === 0 || p === 1) return percent(p);
  if (p > 0.999) return '>99.9%';
  if (p < 0.001) return '<0.1%';
  return percent(p, p >= 0.0995 && p < 0.985 ? 0 : 1);
}

/** A measurement, or a mean of several: "74", "74.4", "0.25". */
export function measure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** A measurement of which three digits mean something: "0.0123", "4.56", "1,234". */
export function precise(value: number): string {
  if (value >= 100) return count(value);
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4);
}

/** What isn't known has a dash. */
export function known(value: number | undefined, written: (value: number) => string): string {
  return value === undefined ? '–' : written(value);
}

/** Time left, in a width that seldom changes: "1:05", "1:02:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Time taken: "0.42 s", "37.1 s", "4 min 05 s", "2 h 07 min". */
export function duration(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 3599.5) return twoUnits(Math.round(seconds), 'min', 's');
  return twoUnits(Math.round(seconds / 60), 'h', 'min');
}

function twoUnits(amount: number, large: string, small: string): string {
  return `${count(Math.floor(amount / 60))} ${large} ${String(amount % 60).padStart(2, '0')} ${small}`;
}

/** Seconds as stored in files: digits beyond a hundredth mean nothing. */
export function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
