/**
 * Five colors of Cividis (Nuñez, Anderton & Renslow, PLOS ONE 2018), evenly apart: their lightness only grows, so that
 * they print in gray, and people who see no red or green see the same map.
 */
const STOPS = [
  [0, 32, 77],
  [66, 77, 108],
  [124, 123, 120],
  [187, 174, 108],
  [255, 234, 70],
] as const;

/** The color of 0 to 255, as [red, green, blue]. */
export function heat(value: number): [number, number, number] {
  const at = (value / 255) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  const between = (i: 0 | 1 | 2) =>
    Math.round(STOPS[low]![i] + (at - low) * (STOPS[low + 1]![i] - STOPS[low]![i]));
  return [between(0), between(1), between(2)];
}
