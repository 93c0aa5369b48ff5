/** 12,345 */
export function count(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** 1:05, or 1:02:05 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** 4.2 s, or 1:05 */
export function duration(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : clock(seconds);
}

/** 1 error, 2 errors */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

export function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)}%`;
}
