// Answers to works that take seconds and more to compute in doubles: answers.json, written by reference.mjs.
import { readFileSync } from 'node:fs';

/** Tells a work from another of its name, so that answers to another one are found out. */
export const sumOf = ({ all }) => all.reduce((sum, value) => sum + value, 0);

/** The losses recorded for this very work, if so many are. */
export function recordedLosses(work, steps) {
  const answers = JSON.parse(readFileSync(new URL('./answers.json', import.meta.url), 'utf8'));
  const recorded = answers[work.config.name];
  if (!recorded || steps > recorded.losses.length || recorded.sum !== sumOf(work)) return undefined;
  return recorded.losses.slice(0, steps);
}
